package partyline.app.config;

import java.time.Duration;

/// How long what people and agents said is kept; zero is for ever. What tells of it, events and deliveries, is kept no
/// longer than the messages themselves.
public record Retention(Duration messages, Duration events, Duration deliveries) {

    static Retention of(Settings settings) {
        Duration messages = Duration.ofDays(settings.number("retention.messages_days", 0, 0, 36_500));
        Duration events = Duration.ofDays(settings.number("journal.retention_days", 30, 0, 36_500));
        Duration deliveries = Duration.ofDays(settings.number("webhooks.log_days", 30, 1, 3_650));
        return new Retention(messages, shorter(messages, events), shorter(messages, deliveries));
    }

    private static Duration shorter(Duration one, Duration other) {
        if (one.isZero() || other.isZero()) {
            return one.plus(other);
        }
        return one.compareTo(other) < 0 ? one : other;
    }
}
