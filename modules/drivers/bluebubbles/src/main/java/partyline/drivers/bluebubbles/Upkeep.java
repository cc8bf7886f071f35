package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import partyline.kernel.PeriodicTask;
import partyline.transport.Driver.Health;

/// What a line does beside hearing, in loops of its own, so that a Mac which is slow to say how it is, or what became
/// of a text, keeps no news waiting: asks how it is, repairs the webhook, and asks what became of what was sent.
final class Upkeep implements AutoCloseable {

    /// How often the clock is looked at; the waits themselves are the clock's.
    private static final Duration PULSE = Duration.ofMillis(200);
    private static final Duration STATUS = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(2);

    private final MacStatus status;
    private final Registration registration;
    private final MacSettings settings;
    private final InstantSource clock;
    private final PeriodicTask looks;
    private final PeriodicTask questions;
    private volatile boolean anew = true;
    private Instant statusDue = Instant.MIN;

    /// `ask` asks what is due about what was sent.
    Upkeep(MacStatus status, Registration registration, MacSettings settings, InstantSource clock, Runnable ask) {
        this.status = status;
        this.registration = registration;
        this.settings = settings;
        this.clock = clock;
        this.looks = new PeriodicTask("bluebubbles-status", Duration.ZERO, PULSE, this::look);
        this.questions = new PeriodicTask("bluebubbles-sent", PULSE, PULSE, ask);
    }

    void start() {
        looks.start();
        questions.start();
    }

    /// The Mac's server started, or is elsewhere now.
    void hello() {
        anew = true;
    }

    @Override
    public void close() {
        looks.close();
        questions.close();
    }

    private void look() {
        Instant now = clock.instant();
        if (!anew && statusDue.isAfter(now)) {
            return;
        }
        anew = false;
        statusDue = now.plus(SOON);
        boolean up = status.refresh().health().state() != Health.State.DOWN;
        String trouble = up && settings.webhook() ? registration.repair() : "";
        status.newsTrouble(trouble);
        if (up && trouble.isEmpty()) {
            statusDue = now.plus(STATUS);
        }
    }
}
