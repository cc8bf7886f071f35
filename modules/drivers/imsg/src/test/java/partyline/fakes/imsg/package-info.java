/// A fake of imsg: a real process that speaks over its pipes, over the state of a Mac that outlives it.
@NullMarked
package partyline.fakes.imsg;

import org.jspecify.annotations.NullMarked;
