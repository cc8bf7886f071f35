package partyline.conversations;

import static partyline.conversations.Message.Status.ACCEPTED;
import static partyline.conversations.Message.Status.DECLINED;
import static partyline.conversations.Message.Status.DELIVERED;
import static partyline.conversations.Message.Status.ERROR;
import static partyline.conversations.Message.Status.SENT;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import partyline.conversations.Message.Delivery;
import partyline.conversations.Message.Failure;
import partyline.conversations.Message.Times;
import partyline.transport.Outbox;
import partyline.transport.SendResult.Accepted;
import partyline.transport.Service;

/// How a message's delivery goes on. Each step is empty when it would lead back, or on from where nothing leads on.
final class DeliveryState {

    private DeliveryState() {}

    static Optional<Message> accepted(Message message, Accepted result, Instant at) {
        if (!open(message) || message.delivery().status().compareTo(ACCEPTED) >= 0) {
            return Optional.empty();
        }
        Message.Way way = new Message.Way(result.service(), result.service() != Service.IMESSAGE, result.leftOut());
        Delivery next =
                new Delivery(way, ACCEPTED, Optional.empty(), message.delivery().times());
        return Optional.of(message.with(next, at));
    }

    /// What it really travelled on came out afterwards. On anything but iMessage its effect was not seen.
    static Optional<Message> travelled(Message message, Service service, Instant at) {
        Delivery delivery = message.delivery();
        if (!open(message) || delivery.way().service() == service) {
            return Optional.empty();
        }
        boolean downgraded = service != Service.IMESSAGE;
        Set<String> leftOut = new HashSet<>(delivery.way().leftOut());
        if (downgraded && message.content().sendStyle() != null) {
            leftOut.add("effect");
        }
        Message.Way way = new Message.Way(service, downgraded, leftOut);
        Delivery next = new Delivery(way, delivery.status(), delivery.failure(), delivery.times());
        return Optional.of(message.with(next, at));
    }

    static Optional<Message> sent(Message message, Instant at) {
        return reach(
                message,
                SENT,
                at,
                times -> new Times(Optional.of(at), times.deliveredAt(), times.readAt(), Optional.empty()));
    }

    static Optional<Message> delivered(Message message, Instant at) {
        return reach(
                message,
                DELIVERED,
                at,
                times -> new Times(times.sentAt(), Optional.of(at), times.readAt(), Optional.empty()));
    }

    /// Read is not a status: it is a time beside `delivered`, kept once.
    static Optional<Message> read(Message message, Instant at) {
        Delivery delivery = message.delivery();
        Times times = delivery.times();
        if (delivery.status() != DELIVERED || times.readAt().isPresent()) {
            return Optional.empty();
        }
        Times next = new Times(times.sentAt(), times.deliveredAt(), Optional.of(at), times.failedAt());
        return Optional.of(message.with(new Delivery(delivery.way(), DELIVERED, delivery.failure(), next), at));
    }

    /// Given up: `DECLINED` before or by the line, `ERROR` after it took the message.
    static Optional<Message> failed(Message message, Message.Status status, Failure failure, Instant at) {
        Delivery delivery = message.delivery();
        boolean known = delivery.status().compareTo(SENT) >= 0 && failure.code().equals(Outbox.OUTCOME_UNKNOWN);
        if (!open(message) || delivery.status() == DELIVERED || outcomeUnknown(message) || known) {
            return Optional.empty();
        }
        Times times = delivery.times();
        Times next = new Times(times.sentAt(), times.deliveredAt(), times.readAt(), Optional.of(at));
        return Optional.of(message.with(new Delivery(delivery.way(), status, Optional.of(failure), next), at));
    }

    private static Optional<Message> reach(
            Message message, Message.Status status, Instant at, UnaryOperator<Times> mark) {
        Delivery delivery = message.delivery();
        boolean forward = delivery.status() == ERROR || delivery.status().compareTo(status) < 0;
        if (!open(message) || !forward) {
            return Optional.empty();
        }
        Delivery next = new Delivery(delivery.way(), status, Optional.empty(), mark.apply(delivery.times()));
        return Optional.of(message.with(next, at));
    }

    private static boolean open(Message message) {
        Message.Status status = message.delivery().status();
        return status != DECLINED && (status != ERROR || outcomeUnknown(message));
    }

    private static boolean outcomeUnknown(Message message) {
        return message.delivery()
                .failure()
                .filter(failure -> failure.code().equals(Outbox.OUTCOME_UNKNOWN))
                .isPresent();
    }
}
