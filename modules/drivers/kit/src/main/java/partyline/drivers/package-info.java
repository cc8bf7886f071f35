/// Calls to the programs that speak for real lines, with a deadline and a limit on everything, and an answer that tells
/// what certainly did not happen from what nobody knows.
///
/// `docs/drivers.md` tells how a driver uses them.
@NullMarked
package partyline.drivers;

import org.jspecify.annotations.NullMarked;
