/// `make journey`: what of ours runs when a text comes in, a command is answered, a message goes out, a receipt is
/// told.
/// JaCoCo in the server counts the lines, Java's flight recorder tells the order and the threads; see
/// `docs/journeys.md`.
@NullMarked
package partyline.journey;

import org.jspecify.annotations.NullMarked;
