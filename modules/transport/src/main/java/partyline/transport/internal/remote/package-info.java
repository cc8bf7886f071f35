/// Calls to the programs that speak for real lines, with a deadline and a limit on everything, and an answer that tells
/// what certainly did not happen from what nobody knows.
@NullMarked
package partyline.transport.internal.remote;

import org.jspecify.annotations.NullMarked;
