/// The driver for Twilio: SMS and MMS.
///
/// `docs/drivers.md` tells how it finds out what was sent, `docs/lines/twilio.md` how to set one up.
@NullMarked
package partyline.drivers.twilio;

import org.jspecify.annotations.NullMarked;
