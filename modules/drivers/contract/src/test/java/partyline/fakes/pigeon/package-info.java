/// Carrier Pigeon, as its documents would tell it.
@NullMarked
package partyline.fakes.pigeon;

import org.jspecify.annotations.NullMarked;
