package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.transport.Line.Fallback.SMS;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.Tapbacks;
import partyline.drivers.simulator.Simulator;
import partyline.identities.Caller;
import partyline.identities.FilterMode;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.FilterModes.Channel;
import partyline.identities.Identity.Profile;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.media.MediaFiles;
import partyline.media.MediaSettings;
import partyline.outbound.Outbound;
import partyline.router.ConsentWords;
import partyline.router.Router;
import partyline.rules.Consents;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.rules.Rule;
import partyline.rules.Rules;
import partyline.transport.Driver;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Service;
import partyline.transport.Transport;

/// What the router's answer costs tells nobody whether an agent exists, is switched off, or has shut them out: it is
/// the same statements in the same order, whatever a clock would show.
class RouterWorkTest {

    private static final PhoneNumber PERSON = new PhoneNumber("+12025550140");

    @TempDir
    private Path folder;

    private final InstantSource clock = InstantSource.system();
    private final Ids ids = new Ids(clock);
    private final List<String> statements = new ArrayList<>();
    private Optional<Database> open = Optional.empty();
    private Optional<Router> router = Optional.empty();
    private Optional<Transport> lines = Optional.empty();

    @BeforeEach
    void begin() {
        Database database = Database.open(folder.resolve("partyline.db"));
        open = Optional.of(database);
        Storage storage = new Storage(database, new Journal(ids, clock), ids, clock);
        Identities identities = new Identities(database, ids, clock);
        Rules rules = new Rules(storage, 0);
        Organization organization = database.write(tx -> new Organizations(database, clock).create(tx, "acme"));
        agents(identities, rules, organization);
        router = Optional.of(router(storage, identities, new ContactPolicy(identities)));
        database.update(tx -> tx.handle().getConfig(SqlStatements.class).setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                statements.add(context.getRenderedSql());
            }
        }));
    }

    @AfterEach
    void end() {
        lines.ifPresent(Transport::close);
        open.ifPresent(Database::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"connect @%s", "disconnect @%s", "replace @%s @nobody-either", "replace @nobody-either @%s"})
    void unknown_switched_off_blocked_and_closed_agents_cost_the_same(String command) {
        List<String> unknown = work(command.formatted("unknown-agent"));

        assertThat(unknown).hasSizeGreaterThan(2);
        for (String handle :
                List.of("sleeping-agent", "blocking-agent", "mute-agent", "deaf-agent", "whitelist-agent")) {
            assertThat(work(command.formatted(handle))).as(handle).isEqualTo(unknown);
        }
    }

    /// The statements that one text costs.
    private List<String> work(String text) {
        statements.clear();
        TextReceived received =
                new TextReceived("sim-router", PERSON, clock.instant(), text, text, null, null, Service.IMESSAGE, null);
        open.orElseThrow().update(tx -> router.orElseThrow().handle(tx, received));
        return List.copyOf(statements);
    }

    private static void agents(Identities identities, Rules rules, Organization organization) {
        Caller admin = new Caller(organization.id(), Optional.empty(), true, "test");
        create(identities, admin, "sleeping-agent", false);
        rules.create(create(identities, admin, "blocking-agent", true), PERSON, Direction.BOTH, Rule.Action.BLOCK);
        rules.create(create(identities, admin, "mute-agent", true), PERSON, Direction.OUTBOUND, Rule.Action.BLOCK);
        rules.create(create(identities, admin, "deaf-agent", true), PERSON, Direction.INBOUND, Rule.Action.BLOCK);
        Identity closed = create(identities, admin, "whitelist-agent", true);
        FilterModes modes = new FilterModes(Channel.both(FilterMode.WHITELIST), Channel.both(FilterMode.BLACKLIST));
        identities.update(admin, closed.handle(), it -> it.with(it.handle(), it.profile(), true, modes));
    }

    private static Identity create(Identities identities, Caller admin, String handle, boolean enabled) {
        return switch (identities.create(admin, new Handle(handle), new Profile(null, null), enabled)) {
            case Identities.Outcome.Stored(var identity) -> identity;
            case Identities.Outcome.HandleTaken _, Identities.Outcome.QuotaExceeded _, Identities.Outcome.NotFound _ ->
                throw new IllegalStateException();
        };
    }

    /// A router whose lines carry nothing: what it says stays in the database.
    private Router router(Storage storage, Identities identities, ContactPolicy policy) {
        Line front =
                new Line("sim-router", new PhoneNumber("+12025550100"), Set.of(Line.Role.ROUTER), "simulator", SMS);
        Line pool = new Line("sim-pool", new PhoneNumber("+12025550101"), Set.of(Line.Role.POOL), "simulator", SMS);
        List<Line> all = List.of(front, pool);
        Simulator simulator = new Simulator(storage.database(), ids, clock, all, Simulator.Settings.usual());
        Map<String, Driver> drivers = Map.of(front.id(), simulator, pool.id(), simulator);
        Transport transport = new Transport(storage.database(), ids, clock, all, drivers);
        lines = Optional.of(transport);
        ServerKey key = ServerKey.open(folder.resolve("server.key"), true);
        Consents consents = new Consents(storage.database(), key);
        MediaFiles media = media(storage);
        DedicatedNumbers numbers = new DedicatedNumbers(storage, transport, identities, consents);
        return new Router(
                storage,
                transport,
                new Connections(storage, transport, identities, policy, numbers),
                new Conversations(
                        storage, transport, identities, policy, numbers, media, key, new Conversations.Limits(0, 0)),
                new Tapbacks(storage, transport, policy, key),
                media.avatars(identities),
                consents,
                new Router.Settings(10_000, false, words()));
    }

    /// Those that the configuration has by itself.
    private static ConsentWords words() {
        return Config.of(Settings.read(Optional.empty(), Map.of(), Map.of()))
                .consent()
                .words();
    }

    /// Files that nobody sends.
    private MediaFiles media(Storage storage) {
        return new MediaFiles(
                storage,
                new Outbound(List.of(), "test"),
                folder,
                () -> "http://127.0.0.1",
                new OrganizationId("org_1"),
                new MediaSettings(Duration.ZERO, 0, 1, Duration.ofSeconds(1)));
    }
}
