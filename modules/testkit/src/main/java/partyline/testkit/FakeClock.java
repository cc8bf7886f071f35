package partyline.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that moves when it is told to.
public final class FakeClock implements InstantSource {

    private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

    /// One that stands at the morning of a day of its own.
    public FakeClock() {}

    public void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
