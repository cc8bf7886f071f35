package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import partyline.conversations.Message.Failure;
import partyline.kernel.Meters;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.OutgoingQueue;
import partyline.transport.Receipt;
import partyline.transport.SendResult;

/// Moves messages forward by what their lines report, and tells the journal of every step. A receipt that is late,
/// repeated or out of order changes nothing; `delivered` before `sent` tells of both, in order.
final class Receipts {

    private static final Receipt.Failure NO_REASON = new Receipt.Failure("delivery_error", "");

    private static final Meters.Subject DELIVERED = new Meters.Subject(
            "message_delivered_seconds", "Time from accepting a message of an agent until its person has it.");

    private final MessageStore messages = new MessageStore();
    private final EventPublisher announcer;
    private final InboundReactions reactions;
    private final FailureTexts failures;
    private final Fallback fallback;
    private final Meters.Distribution delivered;

    Receipts(
            EventPublisher announcer,
            InboundReactions reactions,
            FailureTexts failures,
            Fallback fallback,
            Meters meters) {
        this.delivered = meters.distribution(Meters.Scale.TIME, DELIVERED);
        this.announcer = announcer;
        this.reactions = reactions;
        this.failures = failures;
        this.fallback = fallback;
    }

    /// Applies `receipt`; false when nothing was sent under its provider id yet.
    boolean apply(Tx tx, Receipt receipt) {
        Optional<Message> found = messages.byProviderId(tx, receipt.line(), receipt.providerId());
        found.ifPresent(message -> apply(tx, message, receipt));
        return found.isPresent();
    }

    /// Its line took the message; `early` takes what came about it before anybody knew what its line calls
    /// it. False, and nothing has changed, when the line calls another message so.
    boolean accepted(
            Tx tx,
            Message message,
            SendResult.Accepted result,
            Supplier<List<OutgoingQueue.Early>> early,
            Instant now) {
        Message taken = DeliveryState.accepted(message, result, now)
                .or(() -> DeliveryState.travelled(message, result.service(), now))
                .orElse(message);
        Optional<Message> sent = result.sentAtOnce() ? DeliveryState.sent(taken, now) : Optional.empty();
        Message current = sent.orElse(taken);
        if (!messages.name(tx, current, result.providerId())) {
            return false;
        }
        sent.ifPresent(it -> announcer.announce(tx, "imessage.sent", it));
        for (OutgoingQueue.Early it : early.get()) {
            switch (it) {
                case Receipt receipt -> current = apply(tx, current, receipt);
                case TapbackReceived tapback -> reactions.record(tx, current, tapback);
            }
        }
        return true;
    }

    private Message apply(Tx tx, Message known, Receipt receipt) {
        Instant at = receipt.at();
        Message message = travelled(tx, known, receipt);
        return switch (receipt.kind()) {
            case SENT -> sent(tx, message, at);
            case DELIVERED -> delivered(tx, message, at);
            case READ -> read(tx, message, at);
            case FAILED -> failed(tx, message, receipt.failure().orElse(NO_REASON), at);
        };
    }

    private Message failed(Tx tx, Message message, Receipt.Failure failure, Instant at) {
        return fallback.failed(tx, message, failure.code())
                ? message
                : failed(tx, message, Message.Status.ERROR, failure.code(), failure.detail(), at);
    }

    private Message travelled(Tx tx, Message message, Receipt receipt) {
        Optional<Message> next =
                receipt.service().flatMap(service -> DeliveryState.travelled(message, service, receipt.at()));
        next.ifPresent(it -> messages.update(tx, it));
        return next.orElse(message);
    }

    private Message sent(Tx tx, Message message, Instant at) {
        return step(tx, message, DeliveryState.sent(message, at), "imessage.sent");
    }

    private Message delivered(Tx tx, Message message, Instant at) {
        Message sent = sent(tx, message, at);
        Optional<Message> next = DeliveryState.delivered(sent, at);
        next.map(it -> Duration.between(it.createdAt(), at))
                .ifPresent(it -> tx.onCommit(() -> delivered.add(it.toNanos())));
        return step(tx, sent, next, "imessage.delivered");
    }

    /// Given up: `code` and `words` are what the line said.
    Message failed(Tx tx, Message message, Message.Status status, String code, String words, Instant at) {
        Failure failure = failures.of(message, status, code, words);
        return step(tx, message, DeliveryState.failed(message, status, failure, at), "imessage.delivery_failed");
    }

    private Message read(Tx tx, Message message, Instant at) {
        Message delivered = delivered(tx, message, at);
        return step(tx, delivered, DeliveryState.read(delivered, at), "imessage.read");
    }

    private Message step(Tx tx, Message before, Optional<Message> after, String type) {
        after.ifPresent(next -> {
            messages.update(tx, next);
            announcer.announce(tx, type, next);
        });
        return after.orElse(before);
    }
}
