package partyline.app;

import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import partyline.app.api.HookRoutes;
import partyline.app.config.Config;
import partyline.app.config.Lines;
import partyline.app.operator.LineCheck;
import partyline.contacts.Contacts;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.MessageRetention;
import partyline.conversations.Tapbacks;
import partyline.kernel.Pruning;
import partyline.media.Avatars;
import partyline.media.MediaFiles;
import partyline.media.MediaSettings;
import partyline.outbound.Outbound;
import partyline.router.Router;
import partyline.rules.Consents;
import partyline.rules.ContactPolicy;
import partyline.rules.Rules;
import partyline.transport.Attachments;
import partyline.transport.Driver;
import partyline.transport.DriverMemory;
import partyline.transport.LineSetup;
import partyline.transport.Simulator;
import partyline.transport.Transport;

/// The lines, the people behind them, and what they and the agents say to each other.
final class Messaging {

    final MediaFiles media;
    final Avatars avatars;
    final Simulator simulator;
    final Transport transport;
    final Rules rules;
    final Contacts contacts;
    final DedicatedNumbers numbers;
    final Connections connections;
    final Conversations conversations;
    final Tapbacks tapbacks;
    final Router router;
    private final Ground ground;
    private final MessageRetention retention;
    private final Pruning pruning;

    /// The way to the world: the guarded client, the server's own address, and what stands between us and the lines.
    record World(Outbound outbound, Supplier<String> baseUrl, UnaryOperator<Driver> wire) {}

    Messaging(Config config, Ground ground, World world, Closeables open) {
        this.ground = ground;
        media = open.add(files(config, world));
        avatars = media.avatars(ground.identities);
        Simulator.Settings pace = new Simulator.Settings(config.simulatorLatency());
        simulator = new Simulator(
                ground.database,
                ground.storage.ids(),
                ground.clock,
                config.lines().simulated(),
                pace);
        transport = open.add(new Transport(
                ground.database,
                ground.storage.ids(),
                ground.clock,
                config.lines().all(),
                drivers(config.lines(), world)));
        rules = new Rules(ground.storage, config.shares().rulesPerIdentity());
        contacts = new Contacts(
                ground.storage, ground.identities, rules, config.shares().contacts());
        ContactPolicy policy = new ContactPolicy(ground.identities, rules);
        Consents consents = new Consents(ground.database, ground.serverKey);
        numbers = new DedicatedNumbers(ground.storage, transport, ground.identities, consents);
        connections = new Connections(ground.storage, transport, ground.identities, policy, numbers);
        conversations = open.add(new Conversations(
                ground.storage,
                transport,
                ground.identities,
                policy,
                numbers,
                media,
                ground.serverKey,
                config.limits()));
        tapbacks = new Tapbacks(ground.storage, transport, policy, ground.serverKey);
        router = new Router(
                ground.storage, transport, connections, conversations, tapbacks, avatars, consents, settings(config));
        pruning = open.add(Conversations.pruning(ground.storage));
        retention =
                open.add(new MessageRetention(ground.storage, config.retention().messages()));
    }

    private MediaFiles files(Config config, World world) {
        MediaSettings.Place place =
                new MediaSettings.Place(ground.folder.media(), world.baseUrl(), ground.operator.id());
        return new MediaFiles(ground.storage, world.outbound(), new MediaSettings(place, config.media()));
    }

    private Router.Settings settings(Config config) {
        return new Router.Settings(config.repliesPerHour(), config.tellDisconnected(), config.consent());
    }

    /// Begins to hear and to send, first of all what an earlier run left.
    void start() {
        retention.start();
        pruning.start();
        media.start();
        connections.start();
        transport.start(router, new LineNews(ground.storage, ground.operator));
        LineCheck.begin(transport);
        conversations.start();
    }

    /// Takes up all that fell due, as the sweeps do now and then.
    void look() {
        simulator.look();
        transport.look();
        conversations.look();
    }

    private Map<String, Driver> drivers(Lines lines, World world) {
        DriverMemory memory = new DriverMemory(ground.database);
        Attachments attachments = url -> {
            MediaFiles.Bytes found = media.bytes(url);
            return new Attachments.Attachment(found.name(), found.contentType(), found.size(), found.body());
        };
        LineSetup.Surroundings around = new LineSetup.Surroundings(attachments, memory, ground.clock);
        return lines.drivers(
                world.wire().apply(simulator),
                (line, options) -> new LineSetup(
                        line,
                        options,
                        () -> world.baseUrl().get() + HookRoutes.path(line, memory.secret(line)),
                        around));
    }
}
