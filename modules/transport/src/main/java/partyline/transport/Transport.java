package partyline.transport;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;

/// The configured lines and everything that passes over them.
///
/// What people do is on disk before a driver hears that we have it, and reaches the [InboundHandler] once, in order per
/// person. What the router says leaves in order per person and survives a restart. Calls that speak to a driver
/// (capabilities, send, reconcile, tapback, markRead, typing) may block and must not be made inside a transaction; a
/// driver that throws never reaches the caller. Thread-safe.
public final class Transport implements AutoCloseable {

    private static final Hooked.Answer STARTING = new Hooked.Answer(503, "text/plain", "starting");
    private static final Capabilities NONE = new Capabilities(false, false, false, false, false, false);

    private final Database database;
    private final InstantSource clock;
    private final Switchboard switchboard;
    private final Receipts receipts;
    private final Outbox outbox;
    private final DriverMemory memory;
    private final Vitals vitals;
    private volatile @Nullable Inbox inbox;
    private volatile @Nullable LineWatch watch;
    private volatile Supplier<Map<String, Instant>> queues = Map::of;

    /// `drivers` are found by the id of the line that they speak for; the transport starts and closes them.
    ///
    /// @throws IllegalArgumentException when two lines share an id or a line has no driver.
    public Transport(Database database, Ids ids, InstantSource clock, List<Line> lines, Map<String, Driver> drivers) {
        this.database = database;
        this.clock = clock;
        this.vitals = new Vitals(clock);
        this.switchboard = new Switchboard(lines, drivers, vitals, clock);
        this.receipts = new Receipts(database, clock);
        this.memory = new DriverMemory(database);
        this.outbox = new Outbox(database, ids, clock, switchboard, receipts);
    }

    /// The rows about a person, also those of their simulated phone. That news came stays known, but not from whom, so
    /// that a line which tells it again tells nothing new.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.emptied("transport_inbox", "person = :person", "person = '', event = '', due_at = NULL"),
                PersonalTable.deleted("transport_outbox", "person = :person"),
                PersonalTable.deleted("driver_note", "key = 'chat ' || :person"),
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
        Inbox started = new Inbox(database, clock, receipts, handler, vitals);
        inbox = started;
        switchboard.start(started);
        started.start();
        outbox.start();
        statuses();
        LineWatch watching = new LineWatch(this::lookAtLines, changed);
        watch = watching;
        watching.start();
    }

    /// Looks for what came in and for words that are due, as the sweeps do.
    public void look() {
        Inbox started = inbox;
        if (started != null) {
            started.look();
            outbox.look();
        }
    }

    /// From now on `oldest` is asked since when the oldest message of each line that has any waits to be sent.
    public void watchQueues(Supplier<Map<String, Instant>> oldest) {
        queues = oldest;
    }

    /// What a service said, without the number of any line: for the log.
    public String masked(String words) {
        return switchboard.masked(words);
    }

    private List<LineStatus> lookAtLines() {
        vitals.queued(queues.get());
        return statuses();
    }

    /// All lines, as configured.
    public List<Line> lines() {
        return switchboard.lines();
    }

    public Optional<Line> line(String id) {
        return switchboard.line(id);
    }

    /// The router line that is advertised: the first configured. The others answer too.
    public Optional<Line> router() {
        return lines().stream().filter(line -> line.is(Line.Role.ROUTER)).findFirst();
    }

    /// The lines on which conversations may begin now: those of the pool that were not down when they were last
    /// asked. One that was not asked yet is among them: what is said there waits until it was. No driver is called,
    /// so this may be asked inside a transaction.
    public List<Line> pool() {
        return up(line -> line.is(Line.Role.POOL));
    }

    /// Those of the `wanted` lines that were not down when they were last asked; see [#pool].
    public List<Line> up(Predicate<Line> wanted) {
        return switchboard.known().stream()
                .filter(status -> wanted.test(status.line()) && !status.down())
                .map(LineStatus::line)
                .toList();
    }

    /// The line to try when `line` cannot bring a text to somebody without iMessage.
    public Optional<Line> fallback(String line) {
        return line(line).flatMap(found -> found.terms().fallbackLine()).flatMap(this::line);
    }

    /// The ids of the lines whose conversations may use `line`: itself, and those that fall back to it.
    public List<String> carriedBy(String line) {
        return Stream.concat(
                        Stream.of(line),
                        lines().stream()
                                .filter(it -> it.terms().fallbackLine().equals(Optional.of(line)))
                                .map(Line::id))
                .toList();
    }

    /// Whether one person may have conversations with several agents on `line`.
    public boolean isShared(String line) {
        return carriedBy(line).size() > 1 || line(line).filter(Line::shared).isPresent();
    }

    /// What `line` can do for `recipient`; nothing when it is no longer configured.
    public Capabilities capabilities(String line, PhoneNumber recipient) {
        return switchboard.ask(line, "capabilities", NONE, (driver, found) -> driver.capabilities(found, recipient));
    }

    /// Sends; refused with code `line_gone` when the line is no longer configured, unknown when the driver throws.
    public SendResult send(String line, Outgoing message) {
        return switchboard.send(line, message);
    }

    /// What became of an earlier send of `message`, found by its client id. See [Driver#reconcile].
    public SendResult reconcile(String line, Outgoing message, Instant since) {
        return switchboard.reconcile(line, message, since);
    }

    /// Sets or (null) takes back our tapback; see [Driver#tapback].
    public TapbackResult tapback(
            String line, PhoneNumber to, String targetProviderId, @Nullable String reaction, int partIndex) {
        return switchboard.ask(
                line,
                "tapback",
                TapbackResult.NOT_NOW,
                (driver, found) -> driver.tapback(found, to, targetProviderId, reaction, partIndex));
    }

    /// Shows the person that everything up to `until` was read; best effort.
    public void markRead(String line, PhoneNumber person, Instant until) {
        switchboard.ask(line, "mark_read", false, (driver, found) -> {
            driver.markRead(found, person, until);
            return true;
        });
    }

    /// Shows or hides our typing bubble; best effort.
    public void typing(String line, PhoneNumber person, boolean typing) {
        switchboard.ask(line, "typing", false, (driver, found) -> {
            driver.typing(found, person, typing);
            return true;
        });
    }

    /// Where the bytes of `media`, the reference in a text that came on `line`, are. See [Driver#download].
    ///
    /// @throws IOException when they cannot be had, or not now.
    public Driver.Download download(String line, String media) throws IOException {
        return switchboard.download(line, media);
    }

    /// How every line is now, in the order of the configuration.
    public List<LineStatus> statuses() {
        return switchboard.statuses();
    }

    /// How every line was when it was last asked, a second ago as a rule; this asks nobody.
    public List<LineStatus> known() {
        return switchboard.known();
    }

    /// Takes a turn in the pace of `line` for `send`, once however often it asks within a minute; when there is
    /// none now, how long to wait before asking again.
    public Optional<Duration> takeTurn(String line, Id send) {
        return switchboard.takeTurn(line, send);
    }

    /// What is wrong with `line`, each with its fix; see [Driver#check].
    public List<String> check(String line) {
        return switchboard.ask(line, "check", List.of("The driver failed: see the log."), Driver::check);
    }

    /// Whether `line` is there, expects calls, and `secret` is its own.
    public boolean expects(String line, String secret) {
        return line(line)
                .filter(found -> switchboard.isHooked(found) && memory.isSecret(found, secret))
                .isPresent();
    }

    /// Takes a call of the service behind `line`; empty when there is no such line, it expects no calls, or the
    /// secret is not its own.
    public Optional<Hooked.Answer> hook(String line, String secret, Hooked.Request request) {
        return line(line)
                .filter(found -> switchboard.isHooked(found) && memory.isSecret(found, secret))
                .map(found -> inbox == null ? STARTING : switchboard.hook(found, request));
    }

    /// Says `words` once `tx` is committed: in order per person, and also after a restart.
    public void say(Tx tx, Words words) {
        outbox.say(tx, words);
    }

    /// Whether `line` calls something so that the router said on it.
    public boolean isWords(Tx tx, String line, String providerId) {
        return outbox.wasSaid(tx, line, providerId);
    }

    /// Takes the receipts that came before anybody knew this provider id, oldest first; called in the transaction that
    /// records the id.
    public List<Receipt> claimReceipts(Tx tx, String line, String providerId) {
        return receipts.claim(tx, line, providerId);
    }

    /// Ends the sends in progress, then closes the drivers, then ends the handling in progress.
    @Override
    public void close() {
        LineWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        outbox.close();
        switchboard.close();
        Inbox started = inbox;
        if (started != null) {
            started.close();
        }
    }
}
