package partyline.webhooks;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import partyline.kernel.Event;
import partyline.kernel.Json;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;
import tools.jackson.databind.node.ObjectNode;

/// What follows from an attempt, stored in one transaction: a row of the log, the end of the delivery or its
/// next attempt, the turn of the next event in the conversation, and a pause for a receiver that is gone or
/// has only failed for three days. Thread-safe.
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
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final HealthStore health = new HealthStore();
    private final EndingStore endings = new EndingStore();
    private final AttemptStore attempts = new AttemptStore();

    /// Whether another attempt may fare better.
    private enum Worth {
        ALWAYS,
        AT_FIRST,
        NEVER
    }

    /// The pause before the next attempt, if there is one, and whether the turn of another event came.
    record Stored(Optional<Duration> pause, boolean released) {}

    AttemptResult(Storage storage, RetrySchedule schedule) {
        this.storage = storage;
        this.schedule = schedule;
    }

    /// Stores how the attempt that began at `at` ended.
    Stored store(Delivery delivery, Exchange exchange, Instant at) {
        Optional<Duration> wait = wait(delivery, exchange);
        boolean released = storage.database().write(tx -> {
            attempts.log(
                    tx,
                    delivery,
                    new AttemptStore.Made(
                            storage.ids().next(),
                            delivery.requestId(),
                            exchange,
                            delivery.progress().replayed(),
                            at));
            Instant now = storage.clock().instant();
            if (success(exchange)) {
                endings.succeed(tx, delivery);
                health.succeeded(tx, delivery.place().subscription());
            } else {
                postponeOrFail(tx, delivery, exchange, wait.map(now::plus));
                judge(tx, delivery, exchange, now);
            }
            return advance(tx, delivery, now);
        });
        return new Stored(wait, released);
    }

    /// The longest wait that can come between two attempts.
    Duration longestWait() {
        Duration planned = schedule.longest();
        return planned.compareTo(LONGEST_RETRY_AFTER) < 0 ? LONGEST_RETRY_AFTER : planned;
    }

    /// Calls a delivery off that the subscription does not want any more.
    void cancel(Delivery delivery) {
        storage.database().update(tx -> {
            endings.cancel(tx, delivery);
            advance(tx, delivery, storage.clock().instant());
        });
    }

    static boolean success(Exchange exchange) {
        return exchange instanceof Exchange.Answered answer && answer.success();
    }

    private boolean advance(Tx tx, Delivery delivery, Instant now) {
        return !delivery.progress().tried()
                && delivery.place().conversation().isPresent()
                && endings.release(tx, delivery.place(), now);
    }

    private void postponeOrFail(Tx tx, Delivery delivery, Exchange exchange, Optional<Instant> next) {
        String requestId = nextRequestId(delivery, exchange);
        next.ifPresentOrElse(
                at -> endings.postpone(tx, delivery, at, requestId),
                () -> endings.fail(tx, delivery, storage.clock().instant(), requestId));
    }

    private void judge(Tx tx, Delivery delivery, Exchange exchange, Instant now) {
        Optional<Instant> failingSince = health.failed(tx, delivery.place().subscription(), now);
        if (exchange instanceof Exchange.Answered answer && answer.status() == GONE) {
            pause(tx, delivery, new Subscription.Pause(now, "The receiver answered 410 Gone."));
        } else if (failingSince
                .filter(since -> !now.isBefore(since.plus(PATIENCE)))
                .isPresent()) {
            pause(tx, delivery, new Subscription.Pause(now, "Every attempt of the last three days failed."));
        }
    }

    private void pause(Tx tx, Delivery delivery, Subscription.Pause pause) {
        if (!health.pause(tx, delivery.place().subscription(), pause)) {
            return;
        }
        subscriptions.find(tx, delivery.place().subscription()).ifPresent(paused -> {
            ObjectNode data = Json.object();
            data.putNull("message");
            data.putNull("reaction");
            data.set("subscription", paused.json());
            storage.journal()
                    .append(
                            tx,
                            new Event.Draft(
                                    paused.organization(),
                                    Optional.of(paused.identity()),
                                    Optional.empty(),
                                    Optional.empty(),
                                    PAUSED,
                                    Json.write(data)));
        });
    }

    private Optional<Duration> wait(Delivery delivery, Exchange exchange) {
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
                        answer.status() >= 500 ? Worth.ALWAYS : answer.status() >= 400 ? Worth.NEVER : Worth.AT_FIRST;
                };
        };
    }

    /// After no answer the receiver may have done the work, and drops the repeated id; after an error it must
    /// not take the retry for a repetition.
    private String nextRequestId(Delivery delivery, Exchange exchange) {
        return switch (exchange) {
            case Exchange.NoAnswer _ -> delivery.requestId();
            case Exchange.Answered _ -> storage.ids().next().text();
        };
    }
}
