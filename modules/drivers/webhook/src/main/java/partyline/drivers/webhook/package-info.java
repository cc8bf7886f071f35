/// The driver for anything else: a line that a program of the operator speaks for, over signed HTTP calls both
/// ways. The protocol is in `docs/lines/webhook.md`.
///
/// `docs/drivers.md` tells why.
@NullMarked
package partyline.drivers.webhook;

import org.jspecify.annotations.NullMarked;
