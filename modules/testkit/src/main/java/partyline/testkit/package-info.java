/// What the tests of several modules share; it knows nothing of the program.
@NullMarked
package partyline.testkit;

import org.jspecify.annotations.NullMarked;
