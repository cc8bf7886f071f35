/// The driver for Twilio: SMS and MMS.
@NullMarked
package partyline.transport.internal.twilio;

import org.jspecify.annotations.NullMarked;
