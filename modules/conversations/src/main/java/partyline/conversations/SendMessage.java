package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.conversations.IdempotencyStore.Kept;
import partyline.conversations.IdempotencyStore.KeyedRequest;
import partyline.conversations.SendOutcome.Allowance;
import partyline.conversations.SendOutcome.Report;
import partyline.conversations.SendRequest.Recipient;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.ContactPolicy.Decision;
import partyline.rules.Direction;

/// Decides whether a message may be sent, in the order that the wire contract gives, and makes it.
final class SendMessage {

    /// What a refusal or a queued message is about: the caller, an identity that it sees, a person, and perhaps a
    /// conversation they have.
    private record Target(
            Caller caller, Identity identity, PhoneNumber person, Optional<ConversationStore.Row> conversation) {}

    private final Storage storage;
    private final Identities identities;
    private final ContactPolicy policy;
    private final MessageAttachments enclosures;
    private final ConnectionStore connections = new ConnectionStore();
    private final ConversationStore conversations = new ConversationStore();
    private final MessageStore messages = new MessageStore();
    private final IdempotencyStore kept;
    private final SendQuota allowances;
    private final LoopGuard loops;
    private final FirstWord firstWord;

    SendMessage(
            Storage storage,
            Identities identities,
            ContactPolicy policy,
            MessageAttachments enclosures,
            IdempotencyStore kept,
            SendQuota allowances,
            LoopGuard loops,
            FirstWord firstWord) {
        this.kept = kept;
        this.firstWord = firstWord;
        this.enclosures = enclosures;
        this.allowances = allowances;
        this.loops = loops;
        this.storage = storage;
        this.identities = identities;
        this.policy = policy;
    }

    /// `once` is the request under its key, if it has one.
    Report send(Tx tx, Caller caller, SendRequest request, Optional<KeyedRequest> once) {
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
                                request,
                                once);
            }
            case Recipient.Existing(var id) -> {
                Optional<ConversationStore.Row> row = conversations.find(tx, caller, id);
                Optional<Identity> identity = row.flatMap(it -> identities.find(tx, caller, it.identity()));
                yield identity.isEmpty()
                        ? nobody(new SendOutcome.ConversationNotFound())
                        : once(tx, new Target(caller, identity.get(), row.get().person(), row), request, once);
            }
        };
    }

    /// The message that `identity` sent under this key, if the caller sees that identity.
    Optional<Id> sent(Handle reader, Caller caller, Id identity, IdempotencyKey key) {
        return identities
                .find(reader, caller, identity)
                .flatMap(_ -> kept.find(reader, identity, key))
                .map(Kept::made);
    }

    /// Sends, unless the idempotency key says that this was done before. Only what is accepted takes the key.
    private Report once(Tx tx, Target target, SendRequest request, Optional<KeyedRequest> once) {
        Id identity = target.identity().id();
        Instant now = storage.clock().instant();
        Optional<Allowance> left = allowances.of(tx, identity, now);
        SendOutcome outcome =
                once.flatMap(it -> earlier(tx.handle(), identity, it)).orElseGet(() -> send(tx, target, request, left));
        if (outcome instanceof SendOutcome.Queued(var message)) {
            once.ifPresent(it -> kept.keep(tx, identity, it, target.person(), message.id(), now));
            return new Report(outcome, left.map(Allowance::lessOne));
        }
        return new Report(outcome, left);
    }

    private Optional<SendOutcome> earlier(Handle reader, Id identity, KeyedRequest request) {
        return kept.find(reader, identity, request.key())
                .map(found -> found.answers(request)
                        ? new SendOutcome.Replayed(
                                messages.byKey(reader, found.made().key())
                                        .orElseThrow()
                                        .asAccepted())
                        : new SendOutcome.KeyReused());
    }

    private SendOutcome send(Tx tx, Target target, SendRequest request, Optional<Allowance> left) {
        Identity identity = target.identity();
        Optional<String> unfit = enclosures.refusal(tx, target.caller(), request.content());
        if (unfit.isPresent()) {
            return new SendOutcome.BadMedia(unfit.get());
        }
        Optional<SendOutcome> forbidden = forbidden(tx, identity, target.person());
        if (forbidden.isPresent()) {
            return forbidden.get();
        }
        Optional<Connection> connection = connections.newest(tx, identity.id(), target.person());
        if (connection.filter(it -> !it.active()).isPresent()) {
            return new SendOutcome.Inactive(identity.handle());
        }
        Optional<ConversationStore.Row> conversation = target.conversation().filter(ConversationStore.Row::personWrote);
        Instant now = storage.clock().instant();
        if (connection.isEmpty() || conversation.isEmpty()) {
            return firstWord
                    .refusal(tx, identity, target.person(), connection)
                    .or(() -> overdrawn(left))
                    .orElseGet(() -> begin(tx, target, connection, request.content()));
        }
        Optional<Instant> paused = loops.pausedUntil(tx, conversation.get(), connection.get(), now);
        if (paused.isPresent()) {
            return new SendOutcome.Paused(paused.get(), Duration.between(now, paused.get()));
        }
        return overdrawn(left)
                .orElseGet(() -> accept(tx, target, conversation.get().id(), connection.get(), request.content()));
    }

    private Optional<SendOutcome> forbidden(Tx tx, Identity identity, PhoneNumber person) {
        return policy.refusal(tx, identity, person, Direction.OUTBOUND).map(why -> switch (why) {
            case Decision.Unknown _ -> new SendOutcome.IdentityNotFound();
            case Decision.Disabled _ -> new SendOutcome.NotEnabled(identity.handle());
            case Decision.Blocked(var _, var rule, var _) -> new SendOutcome.Blocked(person, rule, identity);
        });
    }

    private static Optional<SendOutcome> overdrawn(Optional<Allowance> left) {
        return left.filter(it -> it.remaining() == 0).map(SendOutcome.RateLimited::new);
    }

    /// The agent's first word to somebody who has not written to it.
    private SendOutcome begin(Tx tx, Target target, Optional<Connection> connected, Message.Content content) {
        Connection connection = connected.orElseGet(() -> firstWord.connect(tx, target.identity(), target.person()));
        Id conversation = target.conversation()
                .map(ConversationStore.Row::id)
                .orElseGet(() -> conversations.insert(
                        tx, storage.ids().next(), connection, storage.clock().instant()));
        return accept(tx, target, conversation, connection, content);
    }

    private static Report nobody(SendOutcome outcome) {
        return new Report(outcome, Optional.empty());
    }

    private SendOutcome accept(Tx tx, Target target, Id conversation, Connection connection, Message.Content wanted) {
        Message.Content content = enclosures.sent(tx, target.caller(), connection.identity(), wanted);
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
                Message.Delivery.QUEUED,
                Message.Marks.fresh(target.caller().admin()),
                List.of(),
                now,
                now);
        conversations.count(tx, message);
        return new SendOutcome.Queued(message);
    }
}
