package partyline.transport;

import java.time.Duration;
import java.time.Instant;

/// When a message was made, and when it was handed to its driver; by the clock of that moment, which may have
/// been ahead.
public record Handover(Instant madeAt, Instant handedAt) {

    private static final Duration FAR_BACK = Duration.ofDays(1);

    /// Before this the message was certainly not sent. Where a clock went back since, nobody knows when that
    /// was: then it is looked for among everything of a day, since what was not found is sent again.
    public Instant since(Instant now) {
        boolean wentBack = handedAt.isAfter(now) || madeAt.isAfter(handedAt);
        return wentBack ? now.minus(FAR_BACK) : madeAt;
    }
}
