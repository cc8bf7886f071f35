package partyline.webhooks;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import partyline.kernel.Event;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;
import tools.jackson.databind.node.ObjectNode;

/// What follows from an attempt: a row of the log; for a failure a row of the delivery with its next attempt, or with
/// its end; and a pause for a receiver that is gone or has only failed for three days. Thread-safe.
final class AttemptResult {

    private static final Duration PATIENCE = Duration.ofDays(3);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
    /// How long a status that only says "not now" behind a proxy, and mostly "never" elsewhere, is tried
    /// again.
    private static final Duration DOUBT = Duration.ofHours(1);
    private static final int GONE = 410;
    private static final String PAUSED = "subscription.paused";

    private final Storage storage;
    private final RetrySchedule schedule;
    private final Consumer<Id> paused;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final HealthStore health = new HealthStore();
    private final DeliveryStore deliveries = new DeliveryStore();
    private final AttemptStore attempts;

    /// Whether another attempt may fare better.
    private enum Worth {
        ALWAYS,
        AT_FIRST,
        NEVER
    }

    /// `paused` is told, on the writer's thread, of a subscription that was paused.
    AttemptResult(Storage storage, RetrySchedule schedule, Consumer<Id> paused) {
        this.storage = storage;
        this.schedule = schedule;
        this.paused = paused;
        this.attempts = new AttemptStore(new EventLog(storage.database(), storage.journal()));
    }

    /// The longest wait that can come between two attempts.
    Duration longestWait() {
        Duration planned = schedule.longest();
        return planned.compareTo(LONGEST_RETRY_AFTER) < 0 ? LONGEST_RETRY_AFTER : planned;
    }

    static boolean success(Exchange exchange) {
        return exchange instanceof Exchange.Answered answer && answer.success();
    }

    /// Stores a success; `afresh` when the receiver may have been failing before.
    void succeed(Tx tx, ResultWriter.Result result, boolean afresh) {
        Delivery delivery = result.delivery();
        if (!attempts.log(tx, result, delivery.progress().replayed())) {
            return;
        }
        if (delivery.row().isPresent()) {
            deliveries.succeed(tx, delivery);
        } else if (delivery.payload().own()) {
            deliveries.insert(tx, storage.ids().next(), delivery, "succeeded", result.at());
        }
        if (afresh) {
            health.succeeded(tx, delivery.target().subscription());
        }
    }

    /// Stores a failure. Of an event that was erased meanwhile nothing stays, and a subscription that is gone is owed
    /// nothing.
    void fail(Tx tx, ResultWriter.Result result) {
        Delivery delivery = result.delivery();
        Id subscription = delivery.target().subscription();
        Instant now = storage.clock().instant();
        if (!attempts.log(tx, result, delivery.progress().replayed())) {
            return;
        }
        Optional<Instant> failingSince = health.failed(tx, subscription, now);
        if (failingSince.isEmpty()) {
            return;
        }
        Id row = delivery.row().orElseGet(() -> {
            Id made = storage.ids().next();
            deliveries.insert(tx, made, delivery, "pending", result.at());
            return made;
        });
        int request = delivery.progress().request() + (result.exchange() instanceof Exchange.Answered ? 1 : 0);
        result.next()
                .ifPresentOrElse(
                        at -> deliveries.postpone(tx, row, at, request, result.at()),
                        () -> deliveries.fail(tx, row, now, request, result.at()));
        judge(tx, subscription, result.exchange(), failingSince.get(), now);
    }

    private void judge(Tx tx, Id subscription, Exchange exchange, Instant failingSince, Instant now) {
        if (exchange instanceof Exchange.Answered answer && answer.status() == GONE) {
            pause(tx, subscription, new Subscription.Pause(now, "The receiver answered 410 Gone."));
        } else if (!now.isBefore(failingSince.plus(PATIENCE))) {
            pause(tx, subscription, new Subscription.Pause(now, "Every attempt of the last three days failed."));
        }
    }

    private void pause(Tx tx, Id subscription, Subscription.Pause pause) {
        if (!health.pause(tx, subscription, pause)) {
            return;
        }
        tx.onCommit(() -> paused.accept(subscription));
        subscriptions.find(tx, subscription).ifPresent(found -> {
            ObjectNode data = Json.object();
            data.putNull("message");
            data.putNull("reaction");
            data.set("subscription", found.json());
            storage.journal()
                    .append(
                            tx,
                            new Event.Draft(
                                    found.organization(),
                                    Optional.of(found.identity()),
                                    Optional.empty(),
                                    Optional.empty(),
                                    PAUSED,
                                    Json.write(data)));
        });
    }

    /// How long to wait before another attempt; empty when that would be in vain, and after a success.
    Optional<Duration> wait(Delivery delivery, Exchange exchange) {
        int made = delivery.progress().attempts() + 1;
        double random = ThreadLocalRandom.current().nextDouble();
        Optional<Duration> wait = switch (worth(exchange)) {
            case ALWAYS -> schedule.after(made, random);
            case AT_FIRST -> schedule.after(made, random, DOUBT);
            case NEVER -> Optional.empty();
        };
        Duration asked = retryAfter(exchange);
        return wait.map(planned -> planned.compareTo(asked) < 0 ? asked : planned);
    }

    /// What a busy receiver asked for with `Retry-After`, in seconds or as a date; an hour at most.
    private Duration retryAfter(Exchange exchange) {
        if (!(exchange instanceof Exchange.Answered answer) || answer.status() != 429 && answer.status() != 503) {
            return Duration.ZERO;
        }
        String text = answer.headers().getOrDefault("retry-after", "").strip();
        try {
            Duration asked = text.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            storage.clock().instant(),
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    /// A proxy answers 404, or sends elsewhere, while what is behind it starts anew.
    private static Worth worth(Exchange exchange) {
        return switch (exchange) {
            case Exchange.NoAnswer _ -> Worth.ALWAYS;
            case Exchange.Answered answer ->
                switch (answer.status()) {
                    case 408, 425, 429 -> Worth.ALWAYS;
                    case 404 -> Worth.AT_FIRST;
                    default ->
                        answer.success()
                                ? Worth.NEVER
                                : answer.status() >= 500
                                        ? Worth.ALWAYS
                                        : answer.status() >= 400 ? Worth.NEVER : Worth.AT_FIRST;
                };
        };
    }
}
