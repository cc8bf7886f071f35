package partyline.app;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.MessageRetention;
import partyline.conversations.Tapbacks;
import partyline.conversations.Who;
import partyline.identities.ApiKeys;
import partyline.identities.CallActions;
import partyline.identities.Identities;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.identities.SystemAccess;
import partyline.kernel.Database;
import partyline.kernel.EventLog;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.JournalPruning;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StartupFailure;
import partyline.kernel.Storage;
import partyline.media.MediaFiles;
import partyline.media.MediaSettings;
import partyline.outbound.Outbound;
import partyline.router.Consents;
import partyline.router.Router;
import partyline.rules.Rules;
import partyline.transport.Attachments;
import partyline.transport.Driver;
import partyline.transport.DriverMemory;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Simulator;
import partyline.transport.Transport;
import partyline.webhooks.Deliveries;
import partyline.webhooks.DeliveryLog;
import partyline.webhooks.Postman;
import partyline.webhooks.Subscriptions;

/// The whole program, put together by hand in the order of its dependencies, and closed in reverse.
final class Wiring implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private final Config config;
    private final Deque<AutoCloseable> open;
    private final InstantSource clock;
    private final SystemAccess system = new SystemAccess();

    private final DataFolder folder;
    private final Database database;
    private final Identities identities;
    private final ApiKeys keys;
    private final ServerKey serverKey;
    private final SigningKeys signingKeys;
    private final Organization operator;
    private final Optional<String> newAdminKey;
    private final MediaFiles media;
    private final Simulator simulator;
    private final Transport transport;
    private final Connections connections;
    private final Conversations conversations;
    private final Tapbacks tapbacks;
    private final Subscriptions subscriptions;
    private final Deliveries deliveries;
    private final DeliveryLog deliveryLog;
    private final Rules rules;
    private final Access access;
    private final EventStreams events;
    private final HttpServer http;

    private Wiring(Config config, Optional<String> adminKey, Surroundings surroundings, Deque<AutoCloseable> open) {
        this.config = config;
        this.open = open;
        clock = surroundings.clock();
        folder = closing(DataFolder.take(config.data()));
        database = closing(Database.open(folder.database()));
        Ids ids = Ids.after(database.newestId(), clock);
        Journal journal = new Journal(ids, clock);
        Storage storage = new Storage(database, journal, ids, clock);

        Organizations organizations = new Organizations(database, clock);
        identities = new Identities(database, ids, clock);
        keys = closing(new ApiKeys(database, clock));
        Optional<Organization> known = organizations.operator();
        serverKey = ServerKey.open(folder.serverKey(), known.isEmpty());
        signingKeys =
                new SigningKeys(database, clock, serverKey, config.webhooks().signingOverlap());
        FirstStart firstStart = FirstStart.run(database, organizations, keys, system, adminKey);
        operator = firstStart.operator();
        newAdminKey = firstStart.newAdminKey();

        Outbound outbound = closing(outbound(config));
        MediaSettings.Place place = new MediaSettings.Place(folder.media(), this::baseUrl, operator.id());
        media = closing(new MediaFiles(storage, outbound, new MediaSettings(place, config.media())));
        Lines lines = config.lines();
        simulator = new Simulator(
                database, ids, clock, lines.simulated(), new Simulator.Settings(config.simulatorLatency()));
        transport = closing(new Transport(
                database, ids, clock, lines.all(), drivers(surroundings.wire().apply(simulator))));

        rules = new Rules(storage);
        Who who = new Who(identities, rules, system);
        connections = new Connections(storage, transport, who);
        conversations = closing(new Conversations(storage, transport, who, media, config.limits()));
        tapbacks = new Tapbacks(storage, transport, who);
        Router router = new Router(
                transport,
                connections,
                conversations,
                tapbacks,
                new Router.Settings(storage, system, serverKey, config.repliesPerHour(), config.consent()));

        subscriptions = new Subscriptions(storage, identities, signingKeys, outbound);
        Postman postman = new Postman(signingKeys, system, outbound);
        ConversationContext context = new ConversationContext(conversations, system);
        deliveries = closing(
                new Deliveries(storage, postman, context, config.webhooks().deliveries()));
        deliveryLog = new DeliveryLog(storage, postman);

        access = new Access(keys, new FailedKeys(config.http().edge(), clock), identities);
        OpenStreams streams = new OpenStreams(config.events().streamsPerKey());
        events = new EventStreams(storage, keys, streams, config.events().heartbeat());
        JournalPruning pruning = closing(new JournalPruning(
                new EventLog(database), clock, config.retention().events()));
        http = new HttpServer(config.http(), access, routes -> routes(routes, streams), streams::close);

        MessageRetention retention =
                closing(new MessageRetention(storage, config.retention().messages()));

        keys.start();
        pruning.start();
        retention.start();
        media.start();
        deliveries.start();
        transport.start(router, new LineNews(storage, operator));
        LineCheck.begin(transport);
        conversations.start();
        http.start();
        open.push(http);
        PersonalData people = new PersonalData(database, clock, serverKey, folder.media());
        closing(OperationsServer.open(folder, new Operations(database, organizations, keys, system, people)));
    }

    /// Builds and starts everything; what was already open is closed again when something cannot start.
    static Wiring start(Config config, Optional<String> adminKey) {
        return start(config, adminKey, Surroundings.REAL);
    }

    static Wiring start(Config config, Optional<String> adminKey, Surroundings surroundings) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            return new Wiring(config, adminKey, surroundings, open);
        } catch (RuntimeException e) {
            closeAll(open);
            throw e;
        }
    }

    private void routes(RoutesConfig routes, OpenStreams streams) {
        Cascade cascade = new Cascade(
                database,
                new Cascade.Owners(identities, keys, signingKeys),
                new Cascade.Belongings(rules, connections, subscriptions, media));
        new IdentityRoutes(identities, cascade).register(routes);
        new KeyRoutes(identities, keys, signingKeys).register(routes);
        new ApiKeyRoutes(database, clock, identities, keys).register(routes);
        new MessageRoutes(conversations, new Refusals(transport), access).register(routes);
        new ReactionRoutes(tapbacks, conversations, new Refusals(transport)).register(routes);
        new ConversationRoutes(conversations, connections, transport, access).register(routes);
        new MediaRoutes(media).register(routes);
        new EventRoutes(events, access).register(routes);
        new RuleRoutes(rules, identities, access).register(routes);
        new SubscriptionRoutes(subscriptions, access).register(routes);
        new ConsentRoutes(new Consents(database, serverKey)).register(routes);
        new PluginStubRoutes(new CallActions(database), access).register(routes);
        new DeliveryRoutes(deliveries, deliveryLog).register(routes);
        new HookRoutes(transport).register(routes);
        new LineRoutes(database, clock, transport, conversations, system).register(routes);
        if (!config.lines().simulated().isEmpty()) {
            new SimulatorRoutes(simulator, new PhoneStreams(simulator, streams)).register(routes);
            new FaultRoutes(simulator).register(routes);
            new PhonePage().register(routes);
        }
    }

    /// Runs the echo agent beside the server.
    void startDemo() {
        try {
            open.push(Demo.start(database, identities, keys, new Demo.Place(operator, baseUrl())));
        } catch (IOException e) {
            throw new StartupFailure("The demo agent cannot start (" + e.getMessage() + "): start without --demo.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Driver> drivers(Driver simulated) {
        DriverMemory memory = new DriverMemory(database);
        Attachments attachments = url -> {
            MediaFiles.Bytes found = media.bytes(url);
            return new Attachments.Attachment(found.name(), found.contentType(), found.size(), found.body());
        };
        LineSetup.Surroundings around = new LineSetup.Surroundings(attachments, memory, clock);
        return config.lines()
                .drivers(
                        simulated,
                        (line, options) -> new LineSetup(
                                line, options, () -> baseUrl() + HookRoutes.path(line, memory.secret(line)), around));
    }

    private static Outbound outbound(Config config) {
        try {
            return new Outbound(config.outboundAllow(), "Partyline/" + Main.version());
        } catch (IllegalArgumentException e) {
            throw new StartupFailure("The configuration has a wrong outbound.allow: " + e.getMessage(), e);
        }
    }

    Config config() {
        return config;
    }

    /// Known before the server listens too, unless it listens on any free port.
    String baseUrl() {
        int port = config.http().port();
        return config.http().publicUrl().orElseGet(() -> "http://127.0.0.1:" + (port == 0 ? http.port() : port));
    }

    List<HttpServer.Route> routes() {
        return http.routes();
    }

    Database database() {
        return database;
    }

    /// Does at once what the sweeps do now and then: takes up all that fell due. For a clock that does not tick by
    /// itself.
    void look() {
        simulator.look();
        transport.look();
        conversations.look();
        deliveries.look();
    }

    Path dataFolder() {
        return folder.path();
    }

    Optional<String> newAdminKey() {
        return newAdminKey;
    }

    Optional<PhoneNumber> router() {
        return transport.router().map(Line::number);
    }

    /// Closes what is open, newest first; one that fails does not keep the others open.
    @Override
    public void close() {
        closeAll(open);
    }

    private static void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.error("event=close_failed", e);
            }
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }
}
