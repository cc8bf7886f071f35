/// Fakes of the services behind real lines, on loopback: they behave as their originals do, faults included.
/// The tests of the drivers and those of the whole program share them.
///
/// `docs/tests.md` tells why.
@NullMarked
package partyline.fakes;

import org.jspecify.annotations.NullMarked;
