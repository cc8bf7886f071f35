package partyline.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that ticks as usual and can be put forward and back. Thread-safe.
final class ShiftedClock implements InstantSource {

    private volatile Duration shift = Duration.ZERO;

    @Override
    public Instant instant() {
        return Instant.now().plus(shift);
    }

    /// Puts the clock forward, or, with less than nothing, back.
    synchronized void jump(Duration by) {
        shift = shift.plus(by);
    }

    /// Puts the clock right again.
    synchronized void right() {
        shift = Duration.ZERO;
    }
}
