/// The driver for Linq, a service that sends iMessages, RCS and SMS from numbers of its own: its partner API v3, as the
/// vendor's pages, its OpenAPI description and its SDKs (linq-node 618aa6b and later, linq-python) tell it in 2026.
///
/// `docs/drivers.md` tells how it finds out what was sent, `docs/lines/linq.md` how to set one up.
@NullMarked
package partyline.drivers.linq;

import org.jspecify.annotations.NullMarked;
