package partyline.conversations.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.conversations.Connection;
import partyline.conversations.Conversations;
import partyline.conversations.Message;
import partyline.conversations.MessageStatus;
import partyline.conversations.SendOutcome;
import partyline.conversations.SendOutcome.Allowance;
import partyline.conversations.SendOutcome.Report;
import partyline.conversations.SendRequest;
import partyline.conversations.SendRequest.Recipient;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.Direction;
import partyline.rules.Verdict;

/// Decides whether a message may be sent, in the order that the wire contract gives, and queues it.
public final class Sending {

    /// What a refusal or a queued message is about: the caller, an identity that it sees, a person, and perhaps a
    /// conversation they have.
    private record Target(
            Caller caller, Identity identity, PhoneNumber person, Optional<ConversationStore.Row> conversation) {}

    private final Storage storage;
    private final Identities identities;
    private final Reach reach;
    private final Enclosures enclosures;
    private final ConnectionStore connections = new ConnectionStore();
    private final ConversationStore conversations = new ConversationStore();
    private final MessageStore messages = new MessageStore();
    private final IdempotencyStore answers = new IdempotencyStore();
    private final Allowances allowances;
    private final LoopGuard loops;

    /// What an agent may send: so much in a day, and not back and forth for ever.
    public record Bounds(Allowances allowances, LoopGuard loops) {

        public static Bounds of(Conversations.Limits limits, Announcer announcer) {
            return new Bounds(
                    new Allowances(limits.sendsPerDay()), new LoopGuard(announcer, limits.alternationsPerMinute()));
        }
    }

    public Sending(Storage storage, Identities identities, Reach reach, Enclosures enclosures, Bounds bounds) {
        this.enclosures = enclosures;
        this.allowances = bounds.allowances();
        this.loops = bounds.loops();
        this.storage = storage;
        this.identities = identities;
        this.reach = reach;
    }

    public Report send(Tx tx, Caller caller, SendRequest request) {
        return switch (request.recipient()) {
            case Recipient.Person(var number, var wanted) -> {
                Optional<Id> acting = caller.identity().or(() -> wanted);
                Optional<Identity> identity = acting.flatMap(id -> identities.find(tx, caller, id));
                yield identity.isEmpty()
                        ? nobody(new SendOutcome.IdentityNotFound())
                        : once(
                                tx,
                                new Target(
                                        caller, identity.get(), number, conversations.find(tx, acting.get(), number)),
                                request);
            }
            case Recipient.Existing(var id) -> {
                Optional<ConversationStore.Row> row = conversations.find(tx.handle(), caller, id);
                Optional<Identity> identity = row.flatMap(it -> identities.find(tx, caller, it.identity()));
                yield identity.isEmpty()
                        ? nobody(new SendOutcome.ConversationNotFound())
                        : once(tx, new Target(caller, identity.get(), row.get().person(), row), request);
            }
        };
    }

    /// Sends, unless the idempotency key says that this was done before.
    private Report once(Tx tx, Target target, SendRequest request) {
        Id identity = target.identity().id();
        Instant now = storage.clock().instant();
        String words = request.recipient() + " " + request.content();
        Optional<IdempotencyStore.Kept> kept =
                request.once().flatMap(key -> answers.find(tx.handle(), identity, key, now));
        SendOutcome outcome = kept.isEmpty()
                ? send(tx, target, request)
                : kept.get().answers(words)
                        ? new SendOutcome.Replayed(kept.get().body())
                        : new SendOutcome.KeyReused();
        if (outcome instanceof SendOutcome.Queued(var message) && request.once().isPresent()) {
            String body = Json.write(Json.object().set("message", MessageJson.of(message)));
            answers.keep(
                    tx, identity, request.once().get(), IdempotencyStore.answer(target.person(), words, body), now);
        }
        return new Report(outcome, allowances.of(tx, identity, now));
    }

    private SendOutcome send(Tx tx, Target target, SendRequest request) {
        Identity identity = target.identity();
        Optional<String> unfit = enclosures.refusal(tx, target.caller(), request.content());
        if (unfit.isPresent()) {
            return new SendOutcome.BadMedia(unfit.get());
        }
        if (!identity.enabled()) {
            return new SendOutcome.NotEnabled(identity.handle());
        }
        if (reach.verdict(tx, identity, target.person(), Direction.OUTBOUND) instanceof Verdict.Blocked(var rule)) {
            return new SendOutcome.Blocked(target.person(), rule);
        }
        Optional<Connection> connection = connections.newest(tx, identity.id(), target.person());
        if (connection.isEmpty()) {
            return new SendOutcome.NotConnected(identity.handle());
        }
        if (!connection.get().active()) {
            return new SendOutcome.Inactive(identity.handle());
        }
        Optional<ConversationStore.Row> conversation = target.conversation().filter(ConversationStore.Row::personWrote);
        if (conversation.isEmpty()) {
            return new SendOutcome.AwaitingInbound();
        }
        Instant now = storage.clock().instant();
        Optional<Instant> paused = loops.pausedUntil(tx, conversation.get(), connection.get(), now);
        if (paused.isPresent()) {
            return new SendOutcome.Paused(paused.get(), Duration.between(now, paused.get()));
        }
        Optional<Allowance> left = allowances.of(tx, identity.id(), now);
        if (left.isPresent() && left.get().remaining() == 0) {
            return new SendOutcome.RateLimited(left.get());
        }
        Message.Content content = enclosures.sent(tx, target.caller(), identity.id(), request.content());
        return new SendOutcome.Queued(queue(tx, conversation.get().id(), connection.get(), content));
    }

    private static Report nobody(SendOutcome outcome) {
        return new Report(outcome, Optional.empty());
    }

    private Message queue(Tx tx, Id conversation, Connection connection, Message.Content content) {
        Instant now = storage.clock().instant();
        Message message = new Message(
                storage.ids().next(),
                new Message.Place(
                        connection.organization(),
                        connection.identity(),
                        conversation,
                        connection.id(),
                        connection.person(),
                        connection.line(),
                        true),
                content,
                new Message.Delivery(Message.Way.IMESSAGE, MessageStatus.QUEUED, Optional.empty(), Message.Times.NONE),
                new Message.Marks(false, false),
                List.of(),
                now,
                now);
        messages.insert(tx, message, null);
        conversations.count(tx, message);
        return message;
    }
}
