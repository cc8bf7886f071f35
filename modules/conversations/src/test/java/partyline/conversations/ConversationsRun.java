package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import partyline.conversations.Message.Content;
import partyline.conversations.SendRequest.Recipient;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.Event;
import partyline.kernel.EventFilter;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.IdentityHandles;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.OrganizationId;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.media.MediaFiles;
import partyline.media.MediaSettings;
import partyline.outbound.Outbound;
import partyline.rules.Consents;
import partyline.rules.ContactPolicy;
import partyline.rules.Rules;
import partyline.testkit.FakeClock;
import partyline.transport.InboundEvent;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundHandler;
import partyline.transport.Line;
import partyline.transport.Receipt;
import partyline.transport.Service;
import partyline.transport.Transport;

/// Conversations over an [ObedientDriver] with two pool lines, in an organization of their own, on a clock that moves
/// when it is told to. Another on the same folder is a restart.
final class ConversationsRun implements AutoCloseable {

    static final PhoneNumber SAM = new PhoneNumber("+12025550140");
    static final PhoneNumber EVE = new PhoneNumber("+12025550141");

    private static final Set<String> TYPES = Set.of(
            "connection.created",
            "connection.released",
            "conversation.paused",
            "imessage.received",
            "imessage.sent",
            "imessage.delivered",
            "imessage.read",
            "imessage.delivery_failed",
            "imessage.reaction_received",
            "imessage.reaction_removed");

    final FakeClock clock = new FakeClock();
    final ObedientDriver driver = new ObedientDriver();
    final Database database;
    final Storage storage;
    final Rules rules;
    final Connections connections;
    final Conversations conversations;
    final Tapbacks tapbacks;
    final Caller admin;
    private final Ids ids;
    private final Identities identities;
    private final Journal journal;
    private final Transport transport;
    private final Outbound outbound = new Outbound(List.of(), "Partyline/test");
    private final MediaFiles media;

    private ConversationsRun(Path folder, Conversations.Limits limits) {
        database = Database.open(folder.resolve("test.db"));
        ids = Ids.after(database, clock);
        journal = new Journal(ids, clock, new MessageEvents(), IdentityHandles.NONE);
        storage = new Storage(database, journal, ids, clock);
        identities = new Identities(database, ids, clock);
        Organizations organizations = new Organizations(database, clock);
        admin = admin(organizations
                .operator()
                .orElseGet(() -> database.write(tx -> organizations.create(tx, "acme")))
                .id());
        rules = new Rules(storage, 0);
        ContactPolicy policy = new ContactPolicy(identities);
        ServerKey key = ServerKey.open(folder.resolve("server.key"), true);
        List<Line> lines = List.of(line("one", "+12025550101"), line("two", "+12025550102"));
        transport = new Transport(database, ids, clock, lines, Map.of("one", driver, "two", driver));
        media = new MediaFiles(
                storage,
                outbound,
                folder.resolve("media"),
                () -> "http://here",
                admin.organization(),
                new MediaSettings(Duration.ZERO, 0, 1_000, Duration.ofSeconds(60)));
        DedicatedNumbers numbers = new DedicatedNumbers(storage, transport, identities, new Consents(database, key));
        connections = new Connections(storage, transport, identities, policy, numbers);
        conversations = new Conversations(storage, transport, identities, policy, numbers, media, key, limits);
        tapbacks = new Tapbacks(storage, transport, policy, key);
    }

    static ConversationsRun open(Path folder, Conversations.Limits limits) {
        ConversationsRun run = new ConversationsRun(folder, limits);
        run.transport.start(run.new Hearing());
        run.conversations.start();
        return run;
    }

    Caller stranger() {
        return admin(new OrganizationId("org_other"));
    }

    /// Whoever has only the key of this agent.
    Caller scoped(Identity identity) {
        return new Caller(admin.organization(), Optional.of(identity.id()), false, "ApiKey_of_an_agent");
    }

    Identity agent(String handle) {
        identities.create(admin, new Handle(handle), new Profile(null, null), true, FilterModes.DEFAULT);
        return identities.find(admin, new Handle(handle)).orElseThrow();
    }

    Connection connected(PhoneNumber person, Identity agent) {
        ConnectOutcome outcome = database.write(tx -> connections.connect(tx, person, agent.handle()));
        return ((ConnectOutcome.Connected) outcome).connection();
    }

    /// The person writes to the agent that has them on this connection's line.
    Message hears(Connection connection, String text) {
        return ((ReceiveOutcome.Stored) received(connection.person(), connection.line(), text)).message();
    }

    ReceiveOutcome received(PhoneNumber person, String line, String text) {
        return database.write(tx -> received(tx, person, line, text));
    }

    ReceiveOutcome received(Tx tx, PhoneNumber person, String line, String text) {
        TextReceived event = new TextReceived(
                line, person, clock.instant(), ids.next().text(), text, null, null, null, Service.IMESSAGE, null);
        return conversations.receive(tx, event, Optional.empty(), Optional.empty());
    }

    SendOutcome send(Caller caller, Recipient to, String text) {
        return send(caller, to, text, Optional.empty());
    }

    SendOutcome send(Caller caller, Recipient to, String text, Optional<IdempotencyKey> once) {
        Content content = new Content(text, List.of(), null);
        return conversations.send(caller, new SendRequest(to, content, once)).outcome();
    }

    /// What `work` answers that runs in one group with a write that fails, and so runs twice.
    <T> T besideAFailure(Supplier<T> work) {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread holder = Thread.startVirtualThread(() -> database.update(_ -> {
            held.countDown();
            await(goOn);
        }));
        await(held);
        Thread first = Thread.startVirtualThread(task);
        assertEventually(first::getState, Thread.State.WAITING);
        Thread second = Thread.startVirtualThread(() -> assertThatThrownBy(() -> database.update(_ -> {
                    throw new IllegalStateException("refused");
                }))
                .hasMessage("refused"));
        assertEventually(second::getState, Thread.State.WAITING);
        goOn.countDown();
        try {
            holder.join();
            second.join();
            return task.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The messages that were handed over and are not concluded.
    List<String> handedOver() {
        return database.read(reader -> Rows.list(
                reader,
                "SELECT uuid FROM message WHERE status = 'queued' AND handed_at IS NOT NULL",
                row -> row.getString(1)));
    }

    /// A message that its line has taken.
    Message accepted(Recipient to, String text) {
        Message message = ((SendOutcome.Queued) send(admin, to, text)).message();
        reaches(message, Message.Status.ACCEPTED);
        return message;
    }

    /// Waits until the message is so far.
    void reaches(Message message, Message.Status status) {
        assertEventually(() -> stored(message).delivery().status(), status);
    }

    Message stored(Message message) {
        return conversations.message(admin, message.id()).orElseThrow();
    }

    /// Its line tells of a message that went out; false when nobody knows it.
    boolean told(Message message, Receipt.Kind kind) {
        Receipt receipt =
                new Receipt(message.place().line(), "p-" + message.id(), kind, clock.instant(), Optional.empty());
        return database.write(tx -> conversations.receipt(tx, receipt));
    }

    /// The person sets (or, with `removed`, takes away) a tapback on what the agent sent.
    void reacts(Message message, String reaction, boolean removed) {
        TapbackReceived event = new TapbackReceived(
                message.place().line(),
                message.place().person(),
                clock.instant(),
                ids.next().text(),
                "p-" + message.id(),
                reaction,
                null,
                0,
                removed);
        database.update(tx -> tapbacks.receive(tx, event));
    }

    List<Message> messages(Caller caller) {
        return conversations.messages(caller, filter(Optional.empty(), 50, 0)).rows();
    }

    List<Conversation> list(Caller caller) {
        return conversations
                .list(caller, ConversationFilter.all(Optional.empty(), 50, 0))
                .rows();
    }

    static MessageFilter filter(Optional<Id> before, int limit, int offset) {
        TimeRange ever = new TimeRange(Optional.empty(), Optional.empty());
        return new MessageFilter(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ever, before, limit, offset);
    }

    /// What the journal tells of this agent, in order, but for its connections.
    List<String> events(Identity agent) {
        EventFilter filter = new EventFilter(admin.organization(), Optional.of(agent.id()), TYPES);
        return new EventLog(database, journal)
                .owed(filter, 0, 100).events().stream()
                        .map(Event::type)
                        .filter(type -> !type.startsWith("connection."))
                        .toList();
    }

    void erase(PhoneNumber person) {
        Stream<PersonalTable> tables =
                Stream.concat(Conversations.personalTables().stream(), EventLog.personalTables().stream());
        database.update(tx -> {
            Conversations.forgetting(tx, person, clock.instant());
            tables.forEach(table -> table.erase(tx, person));
        });
    }

    /// How many rows of each table of this module are about the person.
    Map<String, Integer> rows(PhoneNumber person) {
        return database.read(reader -> Conversations.personalTables().stream()
                .collect(Collectors.toMap(PersonalTable::name, it -> it.count(reader, person))));
    }

    @Override
    public void close() {
        conversations.close();
        transport.close();
        media.close();
        outbound.close();
        database.close();
    }

    private static Caller admin(OrganizationId organization) {
        return new Caller(organization, Optional.empty(), false, "ApiKey_of_an_admin");
    }

    private static Line line(String id, String number) {
        return new Line(id, new PhoneNumber(number), Set.of(Line.Role.POOL), "test", Line.Fallback.SMS);
    }

    /// The least that a router would do. These tests bring what people do to the facades themselves.
    private final class Hearing implements InboundHandler {

        @Override
        public boolean handle(Tx tx, InboundEvent event) {
            return false;
        }

        @Override
        public boolean receipt(Tx tx, Receipt receipt) {
            return conversations.receipt(tx, receipt);
        }

        @Override
        public void typing(String line, PhoneNumber from, boolean typing) {}
    }
}
