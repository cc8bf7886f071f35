package partyline.conversations.internal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.conversations.Message;
import partyline.conversations.Message.Failure;
import partyline.conversations.MessageStatus;
import partyline.kernel.Tx;
import partyline.transport.Receipt;

/// Moves messages forward by what their lines report, and tells the journal of every step. A receipt that is late,
/// repeated or out of order changes nothing; `delivered` before `sent` tells of both, in order.
public final class Receipts {

    private final MessageStore messages = new MessageStore();
    private final Announcer announcer;
    private final HeardTapbacks tapbacks;

    public Receipts(Announcer announcer, HeardTapbacks tapbacks) {
        this.announcer = announcer;
        this.tapbacks = tapbacks;
    }

    /// Applies `receipt`; false when nothing was sent under its provider id yet.
    public boolean apply(Tx tx, Receipt receipt) {
        Optional<Message> found = messages.byProviderId(tx, receipt.line(), receipt.providerId());
        found.ifPresent(message -> apply(tx, message, receipt));
        return found.isPresent();
    }

    /// Applies what came of a message before its line said what it calls it.
    void catchUp(Tx tx, Message message, String providerId, List<Receipt> parked) {
        Message current = message;
        for (Receipt receipt : parked) {
            current = apply(tx, current, receipt);
        }
        tapbacks.claim(tx, current, providerId);
    }

    void prune(Tx tx) {
        tapbacks.prune(tx);
    }

    private Message apply(Tx tx, Message known, Receipt receipt) {
        Instant at = receipt.at();
        Message message = travelled(tx, known, receipt);
        return switch (receipt.kind()) {
            case SENT -> sent(tx, message, at);
            case DELIVERED -> delivered(tx, message, at);
            case READ -> read(tx, message, at);
            case FAILED ->
                failed(
                        tx,
                        message,
                        MessageStatus.ERROR,
                        receipt.failure()
                                .map(failure -> new Failure(
                                        failure.code(), "Delivery failed", failure.code(), failure.detail()))
                                .orElse(new Failure(
                                        "delivery_error",
                                        "Delivery failed",
                                        "delivery_error",
                                        "The line did not say why.")),
                        at);
        };
    }

    private Message travelled(Tx tx, Message message, Receipt receipt) {
        Optional<Message> next =
                receipt.service().flatMap(service -> Progress.travelled(message, service, receipt.at()));
        next.ifPresent(it -> messages.update(tx, it));
        return next.orElse(message);
    }

    Message sent(Tx tx, Message message, Instant at) {
        return step(tx, message, Progress.sent(message, at), "imessage.sent");
    }

    Message delivered(Tx tx, Message message, Instant at) {
        Message sent = sent(tx, message, at);
        return step(tx, sent, Progress.delivered(sent, at), "imessage.delivered");
    }

    Message failed(Tx tx, Message message, MessageStatus status, Failure failure, Instant at) {
        return step(tx, message, Progress.failed(message, status, failure, at), "imessage.delivery_failed");
    }

    private Message read(Tx tx, Message message, Instant at) {
        Message delivered = delivered(tx, message, at);
        return step(tx, delivered, Progress.read(delivered, at), "imessage.read");
    }

    private Message step(Tx tx, Message before, Optional<Message> after, String type) {
        after.ifPresent(next -> {
            messages.update(tx, next);
            announcer.announce(tx, type, next);
        });
        return after.orElse(before);
    }
}
