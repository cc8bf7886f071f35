package partyline.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is moved. Thread-safe.
final class VirtualClock implements InstantSource {

    private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void move(Duration by) {
        now = now.plus(by);
    }
}
