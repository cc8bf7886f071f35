package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import partyline.conversations.IdempotencyStore.KeyedRequest;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.ServerKey;
import partyline.kernel.Backlog;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.media.MediaFiles;
import partyline.media.StoreOutcome;
import partyline.rules.ContactPolicy;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.InboundHandler;
import partyline.transport.Outbox;
import partyline.transport.Receipt;
import partyline.transport.Transport;
import tools.jackson.databind.node.ObjectNode;

/// What people and agents say to each other, and the sending of it.
///
/// What was accepted is on disk; it leaves in order within its conversation, and its status only ever moves forward.
/// Thread-safe.
public final class Conversations implements AutoCloseable {

    /// How far back in a conversation a tapback in words may reach.
    private static final int RECENT = 50;
    private static final Duration ENDS_KEPT = Duration.ofDays(30);
    /// So long clients may repeat a request.
    private static final Duration KEYS_KEPT = Duration.ofDays(7);

    private static final int BATCH = 500;
    /// Those of a person. One begins with a connection, so the index of those finds it, and its messages through it.
    static final String CONVERSATIONS = """
            (SELECT c.id FROM connection n JOIN conversation c ON c.identity_id = n.identity_id AND c.person = n.person
              WHERE n.person = :person)
            """;
    /// How long a line that takes nothing is tried.
    private static final Duration TRY_FOR = Duration.ofHours(24);

    private final Storage storage;
    private final ReceiveMessage receiving;
    private final MediaDownload fetching;
    private final AwaitedFiles awaited;
    private final Revisions revisions;
    private final Receipts receipts;
    private final IdempotencyStore kept;
    private final SendMessage sending;
    private final SendQuota quota;
    private final ReadReceipts presence;
    private final MessageQueue queue;
    private final Outbox<Id, MessageQueue.Waiting> outbox;
    private final TypingEvents typing;
    private final MessageStore messages = new MessageStore();
    private final MessageList lists = new MessageList();
    private final ConversationStore conversations = new ConversationStore();

    /// `sendsPerDay` bounds the sends of one identity in any 24 hours, `alternationsPerMinute` how often one
    /// conversation may go back and forth in a minute; 0 is no bound.
    public record Limits(int sendsPerDay, int alternationsPerMinute) {}

    /// How many sends an identity had accepted in the last 24 hours, how many it may have, and when the oldest of them
    /// stops counting; without a cap the last two are empty.
    public record Usage(int sends, Optional<Integer> limit, Optional<Instant> resetsAt) {}

    /// The stretch before a message: at most `most` messages, and none older than `since`; of each text the first
    /// `longest` characters.
    public record History(Id conversation, Id before, Optional<Instant> since, int most, int longest) {}

    /// The rows about a person, also of [Connections] and [Tapbacks]; in an order in which they can go.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted(
                        "tapback",
                        "message_id IN (SELECT id FROM message WHERE conversation_id IN " + CONVERSATIONS + ")"),
                PersonalTable.deleted(
                        "message_past",
                        "message_id IN (SELECT id FROM message WHERE conversation_id IN " + CONVERSATIONS + ")"),
                PersonalTable.deleted("awaited_file", "person = :person"),
                PersonalTable.deleted("message", "conversation_id IN " + CONVERSATIONS),
                PersonalTable.deleted("conversation", "id IN " + CONVERSATIONS),
                PersonalTable.deleted("line_focus", "person = :person"),
                PersonalTable.deleted(
                        "idempotency",
                        "identity_id IN (SELECT identity_id FROM connection WHERE person = :person) AND person = :person"),
                PersonalTable.deleted("connection", "person = :person"));
    }

    /// Before a person is forgotten: what their lines may tell again is still to be recognized, but not from whom. What
    /// they and the agents said is not found any more.
    public static void forgetting(Tx tx, PhoneNumber person, Instant now) {
        tx.handle()
                .createQuery("SELECT line, provider_id, created_at FROM message WHERE outbound = 0"
                        + " AND provider_id IS NOT NULL AND created_at > :since AND conversation_id IN "
                        + CONVERSATIONS)
                .bind("person", person.text())
                .bind("since", Timestamps.micros(now.minus(Transport.MEMORY)))
                .map((row, _) -> new Told(
                        row.getString("line"),
                        row.getString("provider_id"),
                        Timestamps.instant(row.getLong("created_at"))))
                .list()
                .forEach(told -> Transport.recognize(tx, told.line(), told.providerId(), told.at()));
        SearchIndex.forget(tx, person);
    }

    /// Removes what is long over: connections that ended and tapbacks that were taken back more than 30 days ago,
    /// so that who does either again and again leaves no pile; idempotency keys of more than seven days ago; what
    /// messages said in events that are forgotten by now.
    public static Pruning pruning(Storage storage) {
        MessageStore messages = new MessageStore();
        ConnectionStore connections = new ConnectionStore();
        TapbackStore tapbacks = new TapbackStore();
        return new Pruning(
                "connection-pruning",
                storage.clock(),
                Duration.ofMinutes(2),
                Duration.ofDays(1),
                removal(storage, Duration.ZERO, (reader, _, most) -> messages.untold(reader, most), messages::forget),
                removal(storage, KEYS_KEPT, IdempotencyStore::past, IdempotencyStore::delete),
                removal(storage, ENDS_KEPT, connections::past, connections::delete),
                removal(storage, ENDS_KEPT, tapbacks::past, tapbacks::delete));
    }

    /// A text as its line told it.
    private record Told(String line, String providerId, Instant at) {}

    /// Finds the rows before a moment, at most so many.
    @FunctionalInterface
    private interface Past<R> {
        List<R> list(Handle reader, Instant until, int most);
    }

    private static <R> Pruning.Removal removal(
            Storage storage, Duration kept, Past<R> past, BiConsumer<Tx, List<R>> delete) {
        return now -> {
            List<R> batch = storage.database().read(reader -> past.list(reader, now.minus(kept), BATCH));
            if (!batch.isEmpty()) {
                storage.database().update(tx -> delete.accept(tx, batch));
            }
            return batch.size();
        };
    }

    /// `key` is what requests with an idempotency key are recognized by.
    public Conversations(
            Storage storage,
            Transport transport,
            Identities identities,
            ContactPolicy policy,
            DedicatedNumbers numbers,
            MediaFiles media,
            ServerKey key,
            Limits limits) {
        EventPublisher announcer = new EventPublisher(storage.journal(), policy);
        this.storage = storage;
        ConversationResolver addressing = new ConversationResolver(transport);
        MessageAttachments enclosures = new MessageAttachments(media);
        this.fetching = new MediaDownload(storage, transport, identities, policy, addressing, media, numbers);
        this.awaited = new AwaitedFiles(storage, policy, announcer, fetching, enclosures);
        this.receiving = new ReceiveMessage(storage, policy, announcer, addressing, enclosures, awaited);
        this.revisions = new Revisions(storage, policy, announcer, enclosures, awaited);
        FailureTexts failures = new FailureTexts(transport);
        Fallback fallback = new Fallback(transport, addressing, storage.ids(), this::wake);
        InboundReactions reactions = new InboundReactions(storage, transport, policy, announcer);
        this.receipts = new Receipts(
                announcer, reactions, failures, fallback, storage.database().meters());
        this.typing = new TypingEvents(storage, announcer, addressing);
        this.kept = new IdempotencyStore(key);
        FirstWord firstWord = new FirstWord(
                numbers, new ConnectionWriter(storage, transport, numbers, announcer, addressing), storage.clock());
        this.quota = new SendQuota(limits.sendsPerDay());
        this.sending = new SendMessage(
                storage,
                identities,
                policy,
                enclosures,
                kept,
                quota,
                new LoopGuard(announcer, limits.alternationsPerMinute()),
                firstWord);
        this.presence = new ReadReceipts(storage, transport, policy);
        this.queue = new MessageQueue(transport, identities, policy, receipts, addressing, fallback);
        this.outbox = transport.outbox("send", queue, TRY_FOR);
        transport.watchQueues(this::waitingSince);
    }

    private void wake(Id conversation) {
        outbox.wake(conversation);
    }

    /// The text of this name that was stored, if one was.
    public Optional<InboundHandler.Came> came(Handle reader, String line, String providerId) {
        return messages.came(reader, line, providerId);
    }

    /// Begins to send and to look for late files, first of all what an earlier run left.
    public void start() {
        outbox.start();
        awaited.start();
    }

    /// Looks for what is due, to be sent or to come late, as the sweeps do.
    public void look() {
        outbox.look();
        awaited.look();
    }

    /// Gets what a person sent along to `addressed`, or else to whom they mean on the line: outside any
    /// transaction, and for as long as texts wait for their files. [#receive] takes what became of it; empty
    /// when there is nothing, or nobody who may have it.
    public Optional<StoreOutcome> fetch(TextReceived text, Optional<Connection> addressed) {
        return fetching.fetch(text, addressed);
    }

    /// Stores a person's text, with what was fetched for it, for the agent whom they named in it or else mean on the
    /// line.
    public ReceiveOutcome receive(
            Tx tx, TextReceived text, Optional<Connection> addressed, Optional<StoreOutcome> fetched) {
        return receiving.receive(tx, text, addressed, fetched);
    }

    /// The newest bubbles in the thread of `person` and `line`; see [InboundHandler#recent].
    public List<InboundHandler.RecentText> recent(String line, PhoneNumber person) {
        return storage.database().read(handle -> messages.recent(handle, line, person, RECENT));
    }

    /// The person changed what they wrote; nothing when it is not known.
    public void edited(Tx tx, TextEdited edited) {
        revisions.edited(tx, edited);
    }

    /// The person took back what they wrote; nothing when it is not known.
    public void unsent(Tx tx, TextUnsent unsent) {
        revisions.unsent(tx, unsent);
    }

    /// Moves a message on by what its line reports; false when nothing was sent under that provider id yet.
    public boolean receipt(Tx tx, Receipt receipt) {
        return receipts.apply(tx, receipt);
    }

    /// Accepts a message for sending, or says why not.
    public SendOutcome.Report send(Caller caller, SendRequest request) {
        Optional<KeyedRequest> once = request.once().map(key -> kept.request(key, request.input()));
        return storage.database().write(tx -> {
            SendOutcome.Report report = sending.send(tx, caller, request, once);
            if (report.outcome() instanceof SendOutcome.Queued(var message)) {
                outbox.add(tx, message.place().conversation(), MessageQueue.Waiting.of(message));
            }
            return report;
        });
    }

    /// The message that `identity` sent under this key, if the caller sees that identity.
    public Optional<Id> sent(Caller caller, Id identity, IdempotencyKey key) {
        return storage.database().read(handle -> sending.sent(handle, caller, identity, key));
    }

    /// The person began to type on a line.
    public void personTypes(String line, PhoneNumber person) {
        typing.typing(line, person);
    }

    /// Flags what the person wrote as read, and shows them so.
    public ReactOutcome markRead(Caller caller, Id conversation) {
        return presence.markRead(caller, conversation);
    }

    /// Shows the person that the agent types, for a minute at most.
    public ReactOutcome typing(Caller caller, Id conversation) {
        return presence.typing(caller, conversation);
    }

    /// For the machinery: what was said in a stretch of a conversation, newest first, without what was blocked and
    /// without tapbacks.
    public List<Message> history(History wish) {
        return storage.database().read(handle -> lists.history(handle, wish));
    }

    /// Since when the oldest message of each line that has any waits to be sent.
    public Map<String, Instant> waitingSince() {
        Map<String, Instant> since = new HashMap<>();
        waiting().forEach((line, backlog) -> backlog.oldest().ifPresent(it -> since.put(line, it)));
        return since;
    }

    /// What waits to be sent, by line; only lines with something that does.
    public Map<String, Backlog> waiting() {
        return storage.database().read(queue::waiting);
    }

    /// How much of its sends the identity has used; the caller sees it.
    public Usage usage(Identity identity) {
        Instant now = storage.clock().instant();
        return storage.database().read(reader -> quota.usage(reader, identity.id(), now));
    }

    /// What of an organization waits to be sent.
    public Backlog backlog(OrganizationId organization) {
        return storage.database().read(reader -> queue.backlog(reader, organization));
    }

    /// The messages that the caller sees.
    public Page<Message> messages(Caller caller, MessageFilter filter) {
        return storage.database().read(handle -> lists.list(handle, caller, filter));
    }

    /// The first of them that came after the message `one`, oldest first.
    public Page<Message> following(Caller caller, MessageFilter filter, Id one) {
        return storage.database().read(handle -> lists.following(handle, caller, filter, one));
    }

    public Optional<Message> message(Caller caller, Id id) {
        return storage.database().read(handle -> messages.find(handle, caller, id));
    }

    /// For the operator: the way of a message of any organization.
    public Optional<MessageTrace> trace(Id message) {
        return storage.database().read(handle -> MessageTrace.of(handle, message));
    }

    /// The conversations that the caller sees, most recent activity first.
    public Page<Conversation> list(Caller caller, ConversationFilter filter) {
        return storage.database().read(handle -> conversations.list(handle, caller, filter));
    }

    /// Who talks with agents that the caller sees, by their numbers.
    public List<ListedPerson> people(Caller caller, ListedPerson.Filter filter) {
        return storage.database().read(handle -> conversations.people(handle, caller, filter));
    }

    public Optional<Conversation> find(Caller caller, Id id) {
        return storage.database().read(handle -> conversations.get(handle, caller, id));
    }

    /// The message as the wire shows it to the caller.
    public ObjectNode json(Caller caller, Message message) {
        return MessageJson.of(caller, message);
    }

    /// The same with what was found in it.
    public ObjectNode json(Caller caller, SearchHit hit) {
        return MessageJson.of(caller, hit);
    }

    @Override
    public void close() {
        fetching.close();
        awaited.close();
        outbox.close();
    }
}
