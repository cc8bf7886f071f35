/// The driver for Sendblue, a service that sends iMessages, RCS and SMS from numbers of its own.
///
/// `docs/drivers.md` tells how it finds out what was sent, `docs/lines/sendblue.md` how to set one up.
@NullMarked
package partyline.drivers.sendblue;

import org.jspecify.annotations.NullMarked;
