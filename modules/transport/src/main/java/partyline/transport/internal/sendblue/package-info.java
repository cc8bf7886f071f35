/// The driver for Sendblue, a service that sends iMessages, RCS and SMS from numbers of its own.
@NullMarked
package partyline.transport.internal.sendblue;

import org.jspecify.annotations.NullMarked;
