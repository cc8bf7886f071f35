/// The fake of the service behind a line, on loopback: it behaves as its original does, faults included. The tests of
/// the driver and those of the whole program share it.
@NullMarked
package partyline.fakes.linq;

import org.jspecify.annotations.NullMarked;
