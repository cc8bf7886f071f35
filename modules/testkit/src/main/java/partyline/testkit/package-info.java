/// What the tests of several modules share; it knows nothing of the program.
///
/// `docs/tests.md` tells what is tested with what.
@NullMarked
package partyline.testkit;

import org.jspecify.annotations.NullMarked;
