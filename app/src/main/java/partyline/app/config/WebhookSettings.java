package partyline.app.config;

import java.time.Duration;
import java.util.List;
import partyline.webhooks.RetrySchedule;

/// The `webhooks` section: how deliveries go, and how long a replaced signing key signs along.
public record WebhookSettings(RetrySchedule retries, Duration signingOverlap) {

    private static final String RETRIES = "webhooks.retry_delays";
    private static final String OVERLAP = "webhooks.signing_overlap";

    static WebhookSettings of(Settings settings) {
        return new WebhookSettings(retries(settings), overlap(settings));
    }

    private static RetrySchedule retries(Settings settings) {
        try {
            return RetrySchedule.parse(settings.texts(RETRIES, RetrySchedule.USUAL));
        } catch (IllegalArgumentException e) {
            throw settings.wrong(RETRIES, String.valueOf(e.getMessage()));
        }
    }

    private static Duration overlap(Settings settings) {
        String text = settings.text(OVERLAP, "0");
        try {
            return text.equals("0")
                    ? Duration.ZERO
                    : RetrySchedule.parse(List.of(text)).delays().getFirst();
        } catch (IllegalArgumentException e) {
            throw settings.wrong(OVERLAP, "is \"%s\": use 0 or a duration like 30m or 24h".formatted(text));
        }
    }
}
