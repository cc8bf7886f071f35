/// A driver for a service that nobody runs: how much a driver is.
@NullMarked
package partyline.pigeon;

import org.jspecify.annotations.NullMarked;
