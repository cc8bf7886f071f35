package partyline.transport;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Backlog;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent.TapbackReceived;

/// Everything that passes over the lines.
///
/// What people do is on disk before a driver hears that we have it, and reaches the [InboundHandler] once, in order per
/// person. What the router says leaves in order per person and survives a restart. What is asked of a line goes through
/// [#lines]. Thread-safe.
public final class Transport implements AutoCloseable {

    /// Something that the router says to a person from `line`: a text, a contact card (vCard), or both. No
    /// message of any conversation.
    public record SystemMessage(
            String line,
            PhoneNumber to,
            @Nullable String text,
            @Nullable String contactCard) {}

    /// For how long news that comes again is recognized.
    public static final Duration MEMORY = Duration.ofDays(7);

    private static final WebhookReceiver.Answer STARTING = new WebhookReceiver.Answer(503, "text/plain", "starting");

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final LineHealth health;
    private final LineTraffic traffic;
    private final DriverRegistry lines;
    private final EarlyStore early = new EarlyStore();
    private final SystemMessages messages = new SystemMessages();
    private final Outbox<PhoneNumber, SystemMessages.Waiting> outbox;
    private final DriverState memory;
    private volatile @Nullable Inbox inbox;
    private volatile @Nullable HealthMonitor monitor;
    private volatile Supplier<Map<String, Instant>> queues = Map::of;

    /// `drivers` are found by the id of the line that they speak for; the transport starts and closes them.
    ///
    /// @throws IllegalArgumentException when two lines share an id or a line has no driver.
    public Transport(Database database, Ids ids, InstantSource clock, List<Line> lines, Map<String, Driver> drivers) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.traffic = new LineTraffic(database.meters(), clock, lines);
        this.health = new LineHealth(clock, traffic);
        this.lines = new DriverRegistry(lines, drivers, health, traffic, clock);
        this.memory = new DriverState(database);
        this.outbox = outbox("router", messages, SystemMessages.PATIENCE);
    }

    /// Lets a text that came at `at` be recognized for as long as others are, after whatever knew of it has forgotten
    /// it.
    public static void recognize(Tx tx, String line, String providerId, Instant at) {
        new InboxStore().insertForgotten(tx, line, providerId, at);
    }

    /// The rows about a person, also those of their simulated phone. That news came stays known, but not from whom, so
    /// that a line which tells it again tells nothing new.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.emptied("transport_inbox", "person = :person", "person = '', event = '', due_at = NULL"),
                PersonalTable.deleted("transport_outbox", "person = :person"),
                PersonalTable.deleted("transport_early", "person = :person"),
                PersonalTable.deleted("sim_due", "person = :person"),
                PersonalTable.deleted("sim_tapback", "bubble IN (SELECT id FROM sim_bubble WHERE person = :person)"),
                PersonalTable.deleted("sim_bubble", "person = :person"),
                PersonalTable.deleted("sim_contact", "person = :person"),
                PersonalTable.deleted("sim_phone", "number = :person"));
    }

    /// [#start(InboundHandler, Consumer)] where nobody needs to hear how the lines are.
    public void start(InboundHandler handler) {
        start(handler, _ -> {});
    }

    /// Starts the drivers and takes up what an earlier run of the program left; called once. `changed` hears when a
    /// line goes down or comes back.
    public void start(InboundHandler handler, Consumer<LineStatus> changed) {
        Inbox started = new Inbox(database, clock, handler, lines, traffic, early, messages);
        inbox = started;
        lines.start(started);
        started.start();
        outbox.start();
        lines.statuses();
        HealthMonitor watching = new HealthMonitor(this::lookAtLines, changed);
        monitor = watching;
        watching.start();
    }

    /// Looks for what came in and for what the router is to say, as the sweeps do.
    public void look() {
        Inbox started = inbox;
        if (started != null) {
            started.look();
            outbox.look();
        }
    }

    /// The lines and the drivers behind them.
    public DriverRegistry lines() {
        return lines;
    }

    /// Sends what `queue` holds, once it is started. `patience` is how long what a line does not take is tried; `name`
    /// that of the threads.
    public <K, H extends OutgoingQueue.Head> Outbox<K, H> outbox(
            String name, OutgoingQueue<K, H> queue, Duration patience) {
        return new Outbox<>(name, database, clock, lines, early, queue, patience);
    }

    /// From now on `oldest` is asked since when the oldest message of each line that has any waits to be sent.
    public void watchQueues(Supplier<Map<String, Instant>> oldest) {
        queues = oldest;
    }

    private List<LineStatus> lookAtLines() {
        health.queued(queues.get());
        return lines.statuses();
    }

    /// What people did that is stored and not handled yet.
    public Backlog unhandled() {
        return database.read(InboxStore::backlog);
    }

    /// What the router is to say and no line has taken yet.
    public Backlog unsaid() {
        return database.read(SystemMessages::backlog);
    }

    /// Whether `line` is there, expects calls, and `secret` is its own.
    public boolean expects(String line, String secret) {
        return called(line, secret).isPresent();
    }

    /// Takes a call of the service behind `line`; empty when there is no such line, it expects no calls, or the
    /// secret is not its own.
    public Optional<WebhookReceiver.Answer> hook(String line, String secret, WebhookReceiver.Request request) {
        return called(line, secret).map(found -> inbox == null ? STARTING : lines.hook(found, request));
    }

    /// Whether a call of this kind to `line` brings a file: see [#bring].
    public boolean bringsFile(String line, String kind) {
        return kind.equals(FileExchange.MEDIA) && lines.exchange(line).isPresent();
    }

    /// Takes a call that brings the file `body`, as [#hook] takes others.
    public Optional<WebhookReceiver.Answer> bring(
            String line, String secret, WebhookReceiver.Request head, InputStream body) {
        return called(line, secret)
                .flatMap(found -> lines.exchange(line)
                        .map(exchange -> inbox == null ? STARTING : exchange.bring(found, head, body)));
    }

    /// The file that the service behind `line` may fetch by this name; empty as for [#hook], or when there is none.
    ///
    /// @throws IOException when it cannot be had now.
    public Optional<Attachments.Attachment> give(String line, String secret, String name) throws IOException {
        Optional<Line> found = called(line, secret);
        Optional<FileExchange> exchange = lines.exchange(line);
        return found.isPresent() && exchange.isPresent() ? exchange.get().give(found.get(), name) : Optional.empty();
    }

    private Optional<Line> called(String line, String secret) {
        return lines.called(line).filter(found -> memory.isSecret(found, secret));
    }

    /// Says `message` once `tx` is committed: in order per person, and also after a restart.
    public void say(Tx tx, SystemMessage message) {
        outbox.add(tx, message.to(), SystemMessages.Waiting.of(ids.next(), message, clock.instant()));
    }

    /// Whether `line` calls something so that the router said on it.
    public boolean isSystemMessage(Tx tx, String line, String providerId) {
        return messages.wasSaid(tx, line, providerId);
    }

    /// Keeps a tapback on something that nobody knows yet, for whoever records what its line calls it.
    public void park(Tx tx, TapbackReceived tapback) {
        early.park(tx, tapback, clock.instant());
    }

    /// Ends the sends in progress, then closes the drivers, then ends the handling in progress.
    @Override
    public void close() {
        HealthMonitor watching = monitor;
        if (watching != null) {
            watching.close();
        }
        outbox.close();
        lines.close();
        Inbox started = inbox;
        if (started != null) {
            started.close();
        }
    }
}
