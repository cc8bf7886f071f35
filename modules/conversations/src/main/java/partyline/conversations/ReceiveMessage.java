package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import partyline.conversations.MediaDownload.Wanted;
import partyline.conversations.Message.Moments;
import partyline.kernel.Id;
import partyline.kernel.Meters;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.media.StoreOutcome;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineContract;

/// Makes a message of a person's text: who is connected here, may they write, store, count, tell the journal.
final class ReceiveMessage {

    /// How many texts of a person who may not write are kept, for the admin's eyes, in a day and conversation.
    private static final int MOST_UNSEEN = 100;

    private static final Duration DAY = Duration.ofDays(1);
    private static final Meters.Subject RECEIVED =
            new Meters.Subject("messages_received", "Texts of people to agents, by what became of them.", "result");

    private final Storage storage;
    private final ContactPolicy policy;
    private final MessageAttachments enclosures;
    private final AwaitedFiles awaited;
    private final EventPublisher announcer;
    private final ConversationResolver addressing;
    private final LongAdder stored;
    private final LongAdder blocked;
    private final LongAdder bounded;
    private final LongAdder notConnected;
    private final ConversationStore conversations = new ConversationStore();
    private final MessageStore messages = new MessageStore();

    ReceiveMessage(
            Storage storage,
            ContactPolicy policy,
            EventPublisher announcer,
            ConversationResolver addressing,
            MessageAttachments enclosures,
            AwaitedFiles awaited) {
        this.awaited = awaited;
        Meters meters = storage.database().meters();
        this.stored = meters.counter(RECEIVED, "stored");
        this.blocked = meters.counter(RECEIVED, "blocked");
        this.bounded = meters.counter(RECEIVED, "bounded");
        this.notConnected = meters.counter(RECEIVED, "not_connected");
        this.addressing = addressing;
        this.enclosures = enclosures;
        this.storage = storage;
        this.policy = policy;
        this.announcer = announcer;
    }

    /// For `addressed`, or else for whom the person means on this line.
    ReceiveOutcome receive(Tx tx, TextReceived text, Optional<Connection> addressed, Optional<StoreOutcome> fetched) {
        return addressed
                .or(() -> addressing.inFocus(tx, text.from(), text.line()))
                .map(connection -> receive(tx, connection, text, fetched))
                .orElseGet(() -> counted(tx, notConnected, new ReceiveOutcome.NotConnected()));
    }

    private static ReceiveOutcome counted(Tx tx, LongAdder counter, ReceiveOutcome outcome) {
        tx.onCommit(counter::increment);
        return outcome;
    }

    /// What comes from a blocked person, or for an identity that is switched off, is kept for the admin's eyes alone;
    /// so is what comes under a connection that was refused.
    private ReceiveOutcome receive(Tx tx, Connection connection, TextReceived text, Optional<StoreOutcome> fetched) {
        boolean open =
                connection.active() && policy.allows(tx, connection.identity(), connection.person(), Direction.INBOUND);
        Instant now = storage.clock().instant();
        Id conversation = conversations.of(tx, connection, storage.ids(), now);
        if (!open && messages.unseen(tx, conversation, now.minus(DAY), now, MOST_UNSEEN) == MOST_UNSEEN) {
            return counted(tx, bounded, new ReceiveOutcome.Bounded());
        }
        Optional<Instant> at = Optional.of(text.at()).filter(told -> LineContract.isPlausible(told, now));
        Moments written = new Moments(at, Optional.empty(), Optional.empty());
        Message message = new Message(
                storage.ids().next(),
                new Message.Place(
                        connection.organization(),
                        connection.identity(),
                        conversation,
                        connection.id(),
                        connection.person(),
                        text.line(),
                        false),
                enclosures.received(tx, connection, text, written, open ? fetched : Optional.empty()),
                new Message.Delivery(
                        Message.Way.of(text.service()), Message.Status.RECEIVED, Optional.empty(), Message.Times.NONE),
                new Message.Marks(false, !open, false),
                List.of(),
                now,
                now);
        messages.insert(tx, message, text.providerId());
        conversations.count(tx, message);
        announcer.received(tx, message);
        if (open && text.mediaUrl() != null && fetched.orElse(null) instanceof StoreOutcome.NotYet) {
            awaited.await(tx, message, new Wanted(text.line(), text.mediaUrl(), text.mediaType(), text.mediaName()));
        }
        return counted(tx, open ? stored : blocked, new ReceiveOutcome.Stored(message));
    }
}
