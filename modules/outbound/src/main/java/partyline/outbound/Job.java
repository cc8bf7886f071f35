package partyline.outbound;

import java.time.Duration;

/// One call that a thread runs and another may cut.
interface Job<T> {

    T run();

    /// Cuts the connection, whatever it is doing.
    void abort();

    /// What to tell of a call that was cut since it was not over within `patience`.
    T late(Duration patience);
}
