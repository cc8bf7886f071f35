/// The crash harness: simulated people and agents who talk through the packaged jar while it is killed at random, and a
/// [Judge][partyline.torture.Judge] who compares what everybody was told with what everybody sees in the end. Knows the
/// server by its HTTP API alone.
///
/// `docs/tests.md` tells why.
@NullMarked
package partyline.torture;

import org.jspecify.annotations.NullMarked;
