package partyline.router;

import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.Message;
import partyline.conversations.MessageFilter;
import partyline.conversations.Tapbacks;
import partyline.conversations.TimeRange;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.media.MediaFiles;
import partyline.media.MediaSettings;
import partyline.outbound.Outbound;
import partyline.router.ConsentWords.Answers;
import partyline.rules.Consents;
import partyline.rules.ContactPolicy;
import partyline.rules.Rules;
import partyline.testkit.FakeClock;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import partyline.transport.Transport;

/// A router over two pool lines, and a driver that shows what people's phones would, on a clock that moves when it is
/// told to. It answers a person fifteen times an hour, and tells those whom an admin disconnects.
final class RouterRun implements AutoCloseable {

    static final PhoneNumber SAM = new PhoneNumber("+12025550140");
    static final PhoneNumber EVE = new PhoneNumber("+12025550141");
    static final Line ROUTER = line("router", "+12025550100", Line.Role.ROUTER);
    static final Line ONE = line("one", "+12025550101", Line.Role.POOL);
    static final Line TWO = line("two", "+12025550102", Line.Role.POOL);

    final FakeClock clock = new FakeClock();
    final Router router;
    final Rules rules;
    final Consents consents;
    final Connections connections;
    final Identities identities;
    final Database database;
    final Caller admin;
    private final Ids ids = new Ids(clock);
    private final Phones phones = new Phones();
    private final Transport transport;
    private final Conversations conversations;
    private final Outbound outbound = new Outbound(List.of(), "Partyline/test");
    private final MediaFiles media;

    /// A text or a contact card that a phone shows in its thread with a line.
    record Shown(
            PhoneNumber person,
            Line line,
            @Nullable String text,
            @Nullable String card) {}

    /// Without [#open] no line carries anything: what the router says stays in the database.
    RouterRun(Path folder) {
        database = Database.open(folder.resolve("test.db"));
        Storage storage = new Storage(database, new Journal(ids, clock), ids, clock);
        identities = new Identities(database, ids, clock);
        admin = database.write(tx -> new Caller(
                new Organizations(database, clock).create(tx, "acme").id(),
                Optional.empty(),
                true,
                "ApiKey_of_an_admin"));
        rules = new Rules(storage, 0);
        ContactPolicy policy = new ContactPolicy(identities);
        ServerKey key = ServerKey.open(folder.resolve("server.key"), true);
        consents = new Consents(database, key);
        media = new MediaFiles(
                storage,
                outbound,
                folder.resolve("media"),
                () -> "http://here",
                admin.organization(),
                new MediaSettings(Duration.ZERO, 0, 1_000, Duration.ofSeconds(60)));
        transport = new Transport(
                database,
                ids,
                clock,
                List.of(ROUTER, ONE, TWO),
                Map.of(ROUTER.id(), phones, ONE.id(), phones, TWO.id(), phones));
        DedicatedNumbers numbers = new DedicatedNumbers(storage, transport, identities, consents);
        connections = new Connections(storage, transport, identities, policy, numbers);
        conversations = new Conversations(
                storage, transport, identities, policy, numbers, media, key, new Conversations.Limits(0, 0));
        router = new Router(
                storage,
                transport,
                connections,
                conversations,
                new Tapbacks(storage, transport, policy, key),
                media.avatars(identities),
                consents,
                new Router.Settings(
                        15,
                        true,
                        new ConsentWords(Set.of("stop"), Set.of("cancel"), Set.of("start"), Answers.DEFAULT)));
    }

    static RouterRun open(Path folder) {
        RouterRun run = new RouterRun(folder);
        run.transport.start(run.router);
        return run;
    }

    Identity agent(String handle) {
        return agent(handle, true);
    }

    Identity agent(String handle, boolean enabled) {
        identities.create(admin, new Handle(handle), new Profile(null, null), enabled, FilterModes.DEFAULT);
        return identities.find(admin, new Handle(handle)).orElseThrow();
    }

    /// The person writes to the line, and the router has taken it in.
    void write(PhoneNumber person, Line line, String text) {
        phones.inbound().accept(received(person, line, text));
    }

    TextReceived received(PhoneNumber person, Line line, String text) {
        return new TextReceived(
                line.id(), person, clock.instant(), ids.next().text(), text, null, null, null, Service.IMESSAGE, null);
    }

    /// The agents that the person is connected with.
    List<Identity> agentsOf(PhoneNumber person) {
        return database.write(tx -> connections.agentsOf(tx, person));
    }

    /// What agents have of what people said, oldest first.
    List<String> heard() {
        TimeRange ever = new TimeRange(Optional.empty(), Optional.empty());
        MessageFilter all = new MessageFilter(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ever, Optional.empty(), 50, 0);
        return conversations.messages(admin, all).rows().reversed().stream()
                .map(Message::content)
                .map(content -> String.valueOf(content.text()))
                .toList();
    }

    /// Waits until the person's phone shows exactly this in its thread with the line; a card shows as `card`. What the
    /// router says to one person leaves in order, so nothing else comes between.
    void assertShown(PhoneNumber person, Line line, String... texts) {
        assertShown(person, line, List.of(texts));
    }

    void assertShown(PhoneNumber person, Line line, List<String> texts) {
        assertEventually(() -> shown(person, line), texts);
    }

    /// The newest contact card that the person got.
    String card(PhoneNumber person) {
        return phones.shown.stream()
                .filter(it -> it.person().equals(person))
                .flatMap(it -> Optional.ofNullable(it.card()).stream())
                .reduce((_, newer) -> newer)
                .orElseThrow();
    }

    private List<String> shown(PhoneNumber person, Line line) {
        return phones.shown.stream()
                .filter(it -> it.person().equals(person) && it.line().equals(line))
                .map(it -> Optional.ofNullable(it.text()).orElse("card"))
                .toList();
    }

    @Override
    public void close() {
        conversations.close();
        transport.close();
        media.close();
        outbound.close();
        database.close();
    }

    private static Line line(String id, String number, Line.Role role) {
        return new Line(id, new PhoneNumber(number), Set.of(role), "test", Line.Fallback.SMS);
    }

    /// The driver of all lines.
    private static final class Phones implements Driver {

        private final List<Shown> shown = new CopyOnWriteArrayList<>();
        private volatile @Nullable Inbound inbound;

        private Inbound inbound() {
            Inbound known = inbound;
            if (known == null) {
                throw new AssertionError("the driver was not started");
            }
            return known;
        }

        @Override
        public void start(Inbound inbound) {
            this.inbound = inbound;
        }

        @Override
        public Capabilities capabilities(Line line, PhoneNumber recipient) {
            return new Capabilities(true, true, true, true, true, true);
        }

        @Override
        public SendResult send(Line line, Outgoing message) {
            shown.add(new Shown(message.to(), line, message.text(), message.contactCard()));
            return new SendResult.Accepted("p-" + message.clientId(), Service.IMESSAGE, false);
        }

        @Override
        public SendResult reconcile(Line line, Outgoing message, Instant since) {
            return new SendResult.Unknown("nobody knows");
        }

        @Override
        public TapbackResult tapback(
                Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
            return TapbackResult.TAKEN;
        }

        @Override
        public void markRead(Line line, PhoneNumber person, Instant until) {}

        @Override
        public void typing(Line line, PhoneNumber person, boolean typing) {}

        @Override
        public Download download(Line line, String media) throws IOException {
            throw new IOException("nothing there");
        }

        @Override
        public Health health(Line line) {
            return Health.UP;
        }

        @Override
        public List<String> check(Line line) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
