package partyline.app;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import partyline.app.api.ApiKeyRoutes;
import partyline.app.api.AvatarRoutes;
import partyline.app.api.ConsentRoutes;
import partyline.app.api.ContactPermissionRoutes;
import partyline.app.api.ContactRoutes;
import partyline.app.api.ConversationRoutes;
import partyline.app.api.DeliveryRoutes;
import partyline.app.api.HookRoutes;
import partyline.app.api.IdentityDeletion;
import partyline.app.api.IdentityRoutes;
import partyline.app.api.KeyRoutes;
import partyline.app.api.LineRoutes;
import partyline.app.api.MediaRoutes;
import partyline.app.api.MessageRoutes;
import partyline.app.api.NumberRoutes;
import partyline.app.api.OpenApiRoutes;
import partyline.app.api.PeopleRoutes;
import partyline.app.api.PluginStubRoutes;
import partyline.app.api.ReachRoutes;
import partyline.app.api.ReactionRoutes;
import partyline.app.api.Refusals;
import partyline.app.api.RuleRoutes;
import partyline.app.api.ServerRoutes;
import partyline.app.api.SimulatorRoutes;
import partyline.app.api.SubscriptionRoutes;
import partyline.app.api.VoiceRoutes;
import partyline.app.config.Config;
import partyline.app.config.DataFolder;
import partyline.app.config.Settings;
import partyline.app.http.Access;
import partyline.app.http.FailedKeys;
import partyline.app.http.HttpServer;
import partyline.app.http.OwnHosts;
import partyline.app.http.PerMinute;
import partyline.app.http.ProxySettings;
import partyline.app.mcp.McpRoutes;
import partyline.app.mcp.Tools;
import partyline.app.metrics.MetricsPort;
import partyline.app.metrics.MetricsRoutes;
import partyline.app.metrics.ServerGauges;
import partyline.app.operator.Backup;
import partyline.app.operator.BackupSchedule;
import partyline.app.operator.FirstStart;
import partyline.app.operator.LineCheck;
import partyline.app.operator.NextSteps;
import partyline.app.operator.Operations;
import partyline.app.operator.OperationsServer;
import partyline.app.operator.PersonalData;
import partyline.app.operator.Quarantine;
import partyline.app.operator.Tracing;
import partyline.app.pages.ConsolePage;
import partyline.app.pages.Demo;
import partyline.app.pages.DocsPages;
import partyline.app.pages.PhonePage;
import partyline.app.stream.EventRoutes;
import partyline.app.stream.EventStreams;
import partyline.app.stream.OpenStreams;
import partyline.app.stream.PhoneStreams;
import partyline.contacts.ContactNames;
import partyline.contacts.ContactPermissions;
import partyline.contacts.Contacts;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.MessageEvents;
import partyline.conversations.MessageRetention;
import partyline.conversations.MessageSearch;
import partyline.conversations.Tapbacks;
import partyline.drivers.simulator.Simulator;
import partyline.identities.ApiKeys;
import partyline.identities.CallActions;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.kernel.Database;
import partyline.kernel.EventLog;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Pruning;
import partyline.kernel.StartupFailure;
import partyline.kernel.Storage;
import partyline.kernel.Throttle;
import partyline.media.Avatars;
import partyline.media.MediaFiles;
import partyline.outbound.Outbound;
import partyline.router.Router;
import partyline.rules.Consents;
import partyline.rules.ContactPolicy;
import partyline.rules.Rules;
import partyline.transport.Driver;
import partyline.transport.DriverState;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Transport;
import partyline.webhooks.Deliveries;
import partyline.webhooks.DeliveryLog;
import partyline.webhooks.Subscriptions;
import partyline.webhooks.WebhookSender;
import tools.jackson.databind.JsonNode;

/// The whole program, put together by hand: built from top to bottom in the order of its dependencies, started in the
/// order that [#starts] lists, and closed in reverse. Whoever hears of what happens is seen here.
final class Wiring implements AutoCloseable {

    private final Config config;
    private final Closeables open;
    private final DataFolder folder;
    private final Database database;
    private final Identities identities;
    private final ApiKeys keys;
    private final FirstStart firstStart;
    private final Simulator simulator;
    private final Transport transport;
    private final Conversations conversations;
    private final MessageSearch search;
    private final Deliveries deliveries;
    private final HttpServer http;
    private final Operations operations;
    private final Quarantine quarantine;
    private final BackupSchedule backups;
    private final List<Runnable> starts;
    private volatile boolean serving;
    private volatile OptionalInt metricsPort = OptionalInt.empty();

    private Wiring(
            Config config,
            Optional<String> adminKey,
            InstantSource clock,
            UnaryOperator<Driver> wire,
            DataFolder folder,
            Closeables open) {
        this.config = config;
        this.open = open;

        // What everything stands on: the folder with its database, and who is known there.
        this.folder = open.add(folder);
        quarantine = new Quarantine(folder);
        database = open.add(Database.open(folder.database(), folder.history()));
        Ids ids = Ids.after(database, clock);
        identities = new Identities(database, ids, clock, config.limits().identities());
        Journal journal = new Journal(ids, clock, new MessageEvents(), identities);
        journal.leap(database);
        Storage storage = new Storage(database, journal, ids, clock);
        Organizations organizations = new Organizations(database, clock);
        keys = open.add(new ApiKeys(database, clock, config.limits().keys()));
        ServerKey serverKey =
                ServerKey.open(folder.serverKey(), organizations.operator().isEmpty());
        SigningKeys signingKeys =
                new SigningKeys(database, clock, serverKey, config.webhooks().overlap());
        firstStart = new FirstStart(database, organizations, keys, adminKey);

        // The lines, the people behind them, and what they and the agents say to each other.
        Outbound outbound = open.add(new Outbound(config.outbound().allow(), "Partyline/" + Main.version()));
        MediaFiles media = open.add(new MediaFiles(
                storage,
                outbound,
                folder.media(),
                this::baseUrl,
                firstStart.operator().id(),
                config.media().settings()));
        Avatars avatars = media.avatars(identities);
        simulator = new Simulator(
                database,
                ids,
                clock,
                config.lines().simulated(),
                new Simulator.Settings(config.simulator().latency()));
        transport = open.add(new Transport(
                database, ids, clock, config.lines().all(), drivers(wire.apply(simulator), media, clock)));
        Rules rules = new Rules(storage, config.limits().rulesPerIdentity());
        Contacts contacts =
                new Contacts(storage, identities, rules, config.limits().contacts());
        ContactPolicy policy = new ContactPolicy(identities);
        Consents consents = new Consents(database, serverKey);
        DedicatedNumbers numbers = new DedicatedNumbers(storage, transport, identities, consents);
        Connections connections = new Connections(storage, transport, identities, policy, numbers);
        conversations = open.add(new Conversations(
                storage,
                transport,
                identities,
                policy,
                numbers,
                media,
                serverKey,
                config.limits().sending()));
        Tapbacks tapbacks = new Tapbacks(storage, transport, policy, serverKey);
        Router router = new Router(
                storage,
                transport,
                connections,
                conversations,
                tapbacks,
                avatars,
                consents,
                new Router.Settings(
                        config.limits().routerRepliesPerHour(),
                        config.router().tellDisconnected(),
                        config.consent().words()));
        Pruning connectionPruning = open.add(Conversations.pruning(storage));
        MessageRetention retention =
                open.add(new MessageRetention(storage, config.retention().messages()));
        search = open.add(new MessageSearch(storage));

        // How agents hear of it: webhooks and the event stream.
        Subscriptions subscriptions = new Subscriptions(storage, identities, signingKeys, serverKey, outbound);
        WebhookSender sender = new WebhookSender(signingKeys, serverKey, outbound, database.meters());
        ContactNames names = contacts.names();
        deliveries = open.add(new Deliveries(
                storage,
                sender,
                new ConversationContext(conversations),
                names::of,
                config.webhooks().retries(),
                config.deliveriesKept()));
        journal.subscribe(deliveries::enqueue);
        subscriptions.listen(deliveries::changed);
        DeliveryLog deliveryLog = new DeliveryLog(storage, sender, deliveries, quarantine::isOn);
        OpenStreams streams =
                new OpenStreams(config.limits().streamsPerKey(), config.limits().streamsPerOrganization());
        keys.listen(streams::end);
        EventStreams events =
                new EventStreams(storage, names, keys, streams, config.stream().heartbeat());
        EventLog eventLog = new EventLog(database, journal);
        Pruning journalPruning = open.add(eventLog.pruning(clock, config.eventsKept(), config.deliveriesKept()));

        // The way in.
        Access access = new Access(keys, new FailedKeys(ProxySettings.of(config.http()), clock), identities);
        Refusals refusals = new Refusals(transport, numbers);
        PerMinute keysMade = new PerMinute(config.limits().keysPerMinute(), clock);
        PerMinute replays = new PerMinute(DeliveryRoutes.MOST_A_MINUTE, clock);
        IdentityDeletion deletion = new IdentityDeletion(
                database,
                List.of(
                        subscriptions::deleteAll,
                        connections::releaseAll,
                        rules::deleteAll,
                        contacts::forget,
                        media::removeAll,
                        signingKeys::delete,
                        (tx, identity) -> keys.revoke(tx, identity, Optional.empty())),
                identities);
        PersonalData people = new PersonalData(database, clock, serverKey, folder, deliveries::forget);
        MessageRoutes messageRoutes = new MessageRoutes(conversations, search, refusals, access);
        ReactionRoutes reactionRoutes = new ReactionRoutes(tapbacks, conversations, refusals);
        ConversationRoutes conversationRoutes =
                new ConversationRoutes(conversations, connections, router, transport, access);
        MediaRoutes mediaRoutes = new MediaRoutes(media);
        RuleRoutes ruleRoutes = new RuleRoutes(rules, contacts, access);
        MetricsRoutes metrics = new MetricsRoutes(
                database.meters(),
                new ServerGauges(transport, conversations, deliveries, subscriptions, database, folder, clock));
        McpRoutes mcp = new McpRoutes(
                new OwnHosts(config.http()),
                Main.version(),
                () -> new Tools(
                        identities,
                        numbers,
                        conversationRoutes,
                        messageRoutes,
                        reactionRoutes,
                        ruleRoutes,
                        mediaRoutes,
                        events));
        List<Consumer<RoutesConfig>> routes = new ArrayList<>(List.of(
                // First what is asked most: Javalin looks through routes in their order.
                new HookRoutes(transport)::register,
                messageRoutes::register,
                new IdentityRoutes(identities, deletion, numbers, access)::register,
                new KeyRoutes(keys, signingKeys, access)::register,
                new ApiKeyRoutes(database, clock, identities, keys, keysMade)::register,
                reactionRoutes::register,
                conversationRoutes::register,
                mediaRoutes::register,
                ruleRoutes::register,
                new ReachRoutes(database, policy, connections, consents, access)::register,
                new ContactRoutes(contacts)::register,
                new ContactPermissionRoutes(new ContactPermissions(storage, identities, contacts, rules), access)
                        ::register,
                new ConsentRoutes(consents)::register,
                new PeopleRoutes(conversations, connections, identities, contacts, consents, media, eventLog, people)
                        ::register,
                new EventRoutes(events, access)::register,
                mcp::register,
                new SubscriptionRoutes(subscriptions, clock, access)::register,
                new DeliveryRoutes(deliveryLog, replays)::register,
                new NumberRoutes(numbers)::register,
                new LineRoutes(database, transport, conversations, quarantine::isOn, clock, access)::register,
                new ServerRoutes(
                                Main.version(),
                                eventLog,
                                conversations,
                                subscriptions,
                                transport,
                                database,
                                folder,
                                clock)::register,
                metrics::register,
                new AvatarRoutes(avatars, access)::register,
                new VoiceRoutes(new CallActions(database), access)::register,
                new PluginStubRoutes(access)::register,
                new OpenApiRoutes(Main.version(), this::baseUrl)::register,
                new DocsPages(this::baseUrl)::register,
                new ConsolePage(this::baseUrl)::register));
        if (!config.lines().simulated().isEmpty()) {
            routes.add(new SimulatorRoutes(simulator, new PhoneStreams(simulator, streams, keys))::register);
            routes.add(new PhonePage(this::baseUrl)::register);
        }
        http = open.add(new HttpServer(config.http(), access, routes, streams::close));
        NextSteps next = new NextSteps(
                () -> running(handle -> router().map(_ -> conversationRoutes.connecting(handle, numbers.of(handle)))),
                Optional.empty());
        Tracing tracing = new Tracing(conversations, eventLog, deliveryLog);
        operations = new Operations(database, organizations, identities, keys, people, quarantine, tracing, next);

        Config.Backups backup = config.backup();
        backups = open.add(new BackupSchedule(
                new Backup(folder.path(), Main.version(), config.digest().sha256(), clock, Throttle::twentieth),
                backup.path(),
                backup.interval(),
                backup.keep(),
                clock));

        starts = List.of(
                keys::start,
                journalPruning::start,
                () -> quarantine.start(deliveries::start),
                retention::start,
                search::start,
                connectionPruning::start,
                media::start,
                connections::start,
                () -> quarantine.start(() -> transport.start(router, new LineNews(storage, firstStart.operator()))),
                () -> quarantine.start(() -> LineCheck.begin(transport)),
                () -> quarantine.start(conversations::start),
                () -> quarantine.start(backups::start),
                http::start,
                () -> config.metrics().port().ifPresent(port -> openMetrics(port, metrics)),
                () -> open.add(OperationsServer.open(folder.path(), words -> Cli.run(words, operations))));
    }

    /// Builds and starts everything; what was already open is closed again when something cannot start.
    static Wiring start(Config config, Optional<String> adminKey) {
        return start(config, adminKey, Clock.systemUTC(), UnaryOperator.identity());
    }

    /// The same with a clock of its own, and with `wire` between the server and its simulated lines, such as one that
    /// misbehaves.
    static Wiring start(Config config, Optional<String> adminKey, InstantSource clock, UnaryOperator<Driver> wire) {
        Wiring wiring = build(
                config, adminKey, clock, wire, DataFolder.take(config.data().path()));
        try {
            wiring.starts.forEach(Runnable::run);
            wiring.serving = true;
            return wiring;
        } catch (RuntimeException e) {
            wiring.close();
            throw e;
        }
    }

    /// What `work` makes of a server that is whole but never started: it has no lines, and nobody reaches it.
    /// `settings` only say which router it will have.
    static Operations.Outcome atRest(
            DataFolder folder, Settings settings, Function<Operations, Operations.Outcome> work) {
        Map<String, String> flags = Map.of("data.folder", folder.path().toString());
        Config config = Config.of(Settings.read(Optional.empty(), Map.of(), flags));
        try (Wiring wiring = build(config, Optional.empty(), Clock.systemUTC(), UnaryOperator.identity(), folder)) {
            return work.apply(wiring.operations.atRest(Config.router(settings)));
        }
    }

    private static Wiring build(
            Config config,
            Optional<String> adminKey,
            InstantSource clock,
            UnaryOperator<Driver> wire,
            DataFolder folder) {
        Closeables open = new Closeables();
        try {
            return new Wiring(config, adminKey, clock, wire, folder, open);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private Map<String, Driver> drivers(Driver simulated, MediaFiles media, InstantSource clock) {
        DriverState memory = new DriverState(database);
        LineSetup.Surroundings around =
                new LineSetup.Surroundings(new LineFiles(media), memory, clock, config.addresses());
        return config.lines()
                .drivers(
                        simulated,
                        (line, options) -> new LineSetup(
                                line, options, () -> baseUrl() + HookRoutes.path(line, memory.secret(line)), around));
    }

    /// Runs the echo agent beside the server.
    void startDemo() {
        if (config.http().tls().isOn()) {
            throw new StartupFailure(
                    "The demo agent speaks plain http: start without --demo, or without http.tls and with a proxy.");
        }
        try {
            open.add(Demo.start(database, identities, keys, firstStart.operator(), baseUrl()));
        } catch (IOException e) {
            throw new StartupFailure("The demo agent cannot start (" + e.getMessage() + "): start without --demo.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Config config() {
        return config;
    }

    /// Known before the server listens too, unless it listens on any free port.
    String baseUrl() {
        int port = config.http().port();
        return config.http().publicUrl().orElseGet(() -> scheme() + "://127.0.0.1:" + (port == 0 ? http.port() : port));
    }

    private String scheme() {
        return config.http().tls().isOn() ? "https" : "http";
    }

    private Optional<NextSteps.Server> running(Function<Handle, Optional<JsonNode>> connecting) {
        return serving ? Optional.of(new NextSteps.Server(baseUrl(), connecting)) : Optional.empty();
    }

    /// Where a program on this machine reaches the server that runs.
    InetSocketAddress address() {
        InetSocketAddress bound = new InetSocketAddress(config.http().host(), http.port());
        return bound.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), http.port())
                : bound;
    }

    /// Where metrics are read without a key, if anywhere.
    OptionalInt metricsPort() {
        return metricsPort;
    }

    private void openMetrics(int port, MetricsRoutes metrics) {
        metricsPort = OptionalInt.of(
                open.add(MetricsPort.open(config.metrics(), port, metrics)).port());
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
        search.look();
        deliveries.look();
        backups.look();
    }

    boolean isInQuarantine() {
        return quarantine.isOn();
    }

    Path dataFolder() {
        return folder.path();
    }

    /// The operator's first admin key, made now if there is none: to be asked for once everything else runs.
    FirstStart.Key firstKey() {
        return firstStart.key();
    }

    Organization operator() {
        return firstStart.operator();
    }

    Optional<PhoneNumber> router() {
        return transport.lines().router().map(Line::number);
    }

    @Override
    public void close() {
        open.close();
    }

    /// Whether all that [#close] closed went well.
    boolean closedWell() {
        return !open.failed();
    }
}
