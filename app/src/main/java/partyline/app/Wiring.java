package partyline.app;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import partyline.app.api.ApiKeyRoutes;
import partyline.app.api.AvatarRoutes;
import partyline.app.api.CompanionRoutes;
import partyline.app.api.ConsentRoutes;
import partyline.app.api.ContactPermissionRoutes;
import partyline.app.api.ContactRoutes;
import partyline.app.api.ConversationRoutes;
import partyline.app.api.DeliveryRoutes;
import partyline.app.api.FaultRoutes;
import partyline.app.api.HookRoutes;
import partyline.app.api.IdentityDeletion;
import partyline.app.api.IdentityRoutes;
import partyline.app.api.KeyRoutes;
import partyline.app.api.LineRoutes;
import partyline.app.api.MediaRoutes;
import partyline.app.api.MessageRoutes;
import partyline.app.api.NumberRoutes;
import partyline.app.api.PluginStubRoutes;
import partyline.app.api.ReactionRoutes;
import partyline.app.api.Refusals;
import partyline.app.api.RuleRoutes;
import partyline.app.api.SimulatorRoutes;
import partyline.app.api.SubscriptionRoutes;
import partyline.app.api.VoiceRoutes;
import partyline.app.config.Config;
import partyline.app.http.Access;
import partyline.app.http.FailedKeys;
import partyline.app.http.HttpServer;
import partyline.app.http.PerMinute;
import partyline.app.operator.FirstStart;
import partyline.app.operator.OperationsServer;
import partyline.app.pages.Demo;
import partyline.app.pages.PhonePage;
import partyline.app.stream.EventRoutes;
import partyline.app.stream.PhoneStreams;
import partyline.contacts.ContactPermissions;
import partyline.identities.CallActions;
import partyline.identities.Organization;
import partyline.kernel.Database;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StartupFailure;
import partyline.outbound.Outbound;
import partyline.rules.Consents;
import partyline.transport.Line;

/// The whole program, put together by hand in the order of its dependencies, and closed in reverse: the [Ground], the
/// [Messaging] on it, the [Notices] of what happens there, and the HTTP server in front.
final class Wiring implements AutoCloseable {

    private final Config config;
    private final Closeables open;
    private final Ground ground;
    private final Messaging messaging;
    private final Notices notices;
    private final Access access;
    private final HttpServer http;

    private Wiring(Config config, Optional<String> adminKey, Environment surroundings, Closeables open) {
        this.config = config;
        this.open = open;
        ground = new Ground(config, adminKey, surroundings.clock(), open);
        Outbound outbound = open.add(outbound(config));
        Messaging.World world = new Messaging.World(outbound, this::baseUrl, surroundings.wire());
        messaging = new Messaging(config, ground, world, open);
        notices = new Notices(config, ground, messaging, outbound, open);
        FailedKeys failures = new FailedKeys(config.http().edge(), ground.clock);
        access = new Access(ground.keys, failures, ground.identities);
        http = new HttpServer(config.http(), access, this::routes, notices.streams::close);

        ground.keys.start();
        notices.start();
        messaging.start();
        http.start();
        open.add(http);
        open.add(OperationsServer.open(ground.folder, ground.operations()));
    }

    /// Builds and starts everything; what was already open is closed again when something cannot start.
    static Wiring start(Config config, Optional<String> adminKey) {
        return start(config, adminKey, Environment.REAL);
    }

    static Wiring start(Config config, Optional<String> adminKey, Environment surroundings) {
        Closeables open = new Closeables();
        try {
            return new Wiring(config, adminKey, surroundings, open);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private void routes(RoutesConfig routes) {
        IdentityDeletion cascade = new IdentityDeletion(
                ground.database,
                new IdentityDeletion.Owners(ground.identities, ground.keys, ground.signingKeys),
                new IdentityDeletion.Belongings(
                        messaging.rules,
                        messaging.contacts,
                        messaging.connections,
                        notices.subscriptions,
                        messaging.media));
        new IdentityRoutes(ground.identities, cascade, messaging.numbers).register(routes);
        new KeyRoutes(ground.identities, ground.keys, ground.signingKeys, access).register(routes);
        PerMinute keysMade = new PerMinute(config.shares().keysPerMinute(), ground.clock);
        new ApiKeyRoutes(ground.database, ground.clock, ground.identities, ground.keys, keysMade).register(routes);
        Refusals refusals = new Refusals(messaging.transport, messaging.numbers);
        new MessageRoutes(messaging.conversations, refusals, access).register(routes);
        new ReactionRoutes(messaging.tapbacks, messaging.conversations, refusals).register(routes);
        new ConversationRoutes(
                        messaging.conversations, messaging.connections, messaging.router, messaging.transport, access)
                .register(routes);
        new MediaRoutes(messaging.media).register(routes);
        new RuleRoutes(messaging.rules, messaging.contacts, ground.identities, access).register(routes);
        new ContactRoutes(messaging.contacts).register(routes);
        new ContactPermissionRoutes(
                        new ContactPermissions(ground.storage, ground.identities, messaging.contacts, messaging.rules),
                        ground.identities)
                .register(routes);
        new ConsentRoutes(new Consents(ground.database, ground.serverKey)).register(routes);
        new EventRoutes(notices.events, access).register(routes);
        new SubscriptionRoutes(notices.subscriptions, access).register(routes);
        PerMinute replays = new PerMinute(DeliveryRoutes.MOST_A_MINUTE, ground.clock);
        new DeliveryRoutes(notices.deliveries, notices.log, replays).register(routes);
        plugins(routes);
        lines(routes);
    }

    /// What published plugins and wizards ask for beside iMessage.
    private void plugins(RoutesConfig routes) {
        new AvatarRoutes(messaging.avatars, access).register(routes);
        new VoiceRoutes(new CallActions(ground.database), access).register(routes);
        new CompanionRoutes(access).register(routes);
        new PluginStubRoutes(access).register(routes);
    }

    private void lines(RoutesConfig routes) {
        new NumberRoutes(messaging.numbers).register(routes);
        new HookRoutes(messaging.transport).register(routes);
        LineRoutes.Watched watched =
                new LineRoutes.Watched(ground.database, messaging.transport, messaging.conversations);
        new LineRoutes(watched, ground.clock, access).register(routes);
        if (!config.lines().simulated().isEmpty()) {
            new SimulatorRoutes(
                            messaging.simulator, new PhoneStreams(messaging.simulator, notices.streams, ground.keys))
                    .register(routes);
            new FaultRoutes(messaging.simulator).register(routes);
            new PhonePage(this::baseUrl).register(routes);
        }
    }

    /// Runs the echo agent beside the server.
    void startDemo() {
        try {
            Demo.Place place = new Demo.Place(ground.operator, baseUrl());
            open.add(Demo.start(ground.database, ground.identities, ground.keys, place));
        } catch (IOException e) {
            throw new StartupFailure("The demo agent cannot start (" + e.getMessage() + "): start without --demo.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        return ground.database;
    }

    /// Does at once what the sweeps do now and then: takes up all that fell due. For a clock that does not tick by
    /// itself.
    void look() {
        messaging.look();
        notices.deliveries.look();
    }

    Path dataFolder() {
        return ground.folder.path();
    }

    /// The operator's first admin key, made now if there is none: to be asked for once everything else runs.
    FirstStart.Key firstKey() {
        return ground.firstStart.key();
    }

    Organization operator() {
        return ground.operator;
    }

    Optional<PhoneNumber> router() {
        return messaging.transport.lines().router().map(Line::number);
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
