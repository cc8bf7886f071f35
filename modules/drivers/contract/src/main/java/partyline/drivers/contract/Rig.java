package partyline.drivers.contract;

import static partyline.drivers.contract.LineServer.ANN;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.testkit.FakeClock;
import partyline.transport.Attachments;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.DriverState;
import partyline.transport.InboundHandler;
import partyline.transport.KnownAddresses;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// A driver at work: on a real transport, a real database file and an address that its service can call, with a clock
/// that runs a hundred times as fast as ours while somebody waits. [#restart] is a restart of the program; the fake
/// service goes on.
public final class Rig implements AutoCloseable {

    /// What a run of the program gives its driver.
    public record Program(
            Database database, Ids ids, Line line, Supplier<String> hookUrl, LineSetup.Surroundings around) {

        /// What a kind in [Drivers] is made of, with these keys.
        public LineSetup setup(Map<String, String> options) {
            return new LineSetup(line, new LineSetup.Options("the test, " + line.driver(), options), hookUrl, around);
        }
    }

    /// Where the picture of [#picture] is; nothing else is anywhere.
    public static final String PICTURE = "http://127.0.0.1:9/media/cat.jpg";

    /// What people call files; an address does not hold all of it.
    public static final String NAME = "Ünal & 猫 (2).jpg";

    /// A mail address of Ann's.
    public static final String ANNS_ADDRESS = "ann@example.com";

    private static final KnownAddresses CONTACTS = new KnownAddresses(Map.of(ANNS_ADDRESS, ANN));

    private static final String NAMED = "http://127.0.0.1:9/media/Unal_2.jpg";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(100);

    private final Path folder;
    private final FakeService fake;
    private final FakeClock clock = new FakeClock();
    private final HookServer hooks = new HookServer(() -> this.running);
    private final Line line;
    private final RecordingHandler handler = new RecordingHandler();
    private final Attachments files = new Files();
    private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
    private final Map<Id, Instant> handedAt = new ConcurrentHashMap<>();
    private volatile @Nullable Transport running;
    private @Nullable Driver driver;
    private @Nullable Database database;
    private Ids ids = new Ids(clock);

    private Rig(Path folder, FakeService fake, Line.Fallback fallback) {
        this.folder = folder;
        this.fake = fake;
        this.line = new Line("line-1", new PhoneNumber("+12025550101"), Set.of(Line.Role.POOL), "under-test", fallback);
    }

    /// The program, started, with a line that falls back on SMS.
    public static Rig open(Path folder, FakeService fake) {
        return open(folder, fake, Line.Fallback.SMS);
    }

    public static Rig open(Path folder, FakeService fake, Line.Fallback fallback) {
        Rig rig = new Rig(folder, fake, fallback);
        rig.start();
        return rig;
    }

    public FakeService fake() {
        return fake;
    }

    public FakeClock clock() {
        return clock;
    }

    public Line line() {
        return line;
    }

    /// What the server heard, over all runs of the program.
    public RecordingHandler handler() {
        return handler;
    }

    public Transport transport() {
        Transport known = running;
        if (known == null) {
            throw new AssertionError("the program is stopped");
        }
        return known;
    }

    public Driver driver() {
        return Objects.requireNonNull(driver);
    }

    public DriverState memory() {
        return new DriverState(Objects.requireNonNull(database));
    }

    public Driver.Health health() {
        return driver().health(line);
    }

    public void start() {
        Database opened = Database.open(folder.resolve("rig.db"));
        database = opened;
        ids = new Ids(clock);
        DriverState memory = new DriverState(opened);
        Program program = new Program(
                opened,
                ids,
                line,
                () -> hooks.url(line, memory.secret(line)),
                new LineSetup.Surroundings(files, memory, clock, CONTACTS));
        Driver made = fake.driver(program);
        driver = made;
        Transport started = new Transport(opened, ids, clock, List.of(line), Map.of(line.id(), made));
        running = started;
        started.start(handler);
    }

    public void stop() {
        Transport known = running;
        running = null;
        if (known != null) {
            known.close();
        }
        if (database != null) {
            database.close();
        }
        fake.programStopped();
    }

    public void restart() {
        stop();
        start();
    }

    public Outgoing text(String text) {
        return new Outgoing(ids.next(), ANN, text, null, null, null, null);
    }

    public Outgoing styled(String text, String style) {
        return new Outgoing(ids.next(), ANN, text, null, null, style, null);
    }

    public Outgoing picture(@Nullable String text) {
        return new Outgoing(ids.next(), ANN, text, PICTURE, "cat.jpg", null, null);
    }

    /// A picture that is called [#NAME].
    public Outgoing named(String text) {
        return new Outgoing(ids.next(), ANN, text, NAMED, NAME, null, null);
    }

    public SendResult send(Outgoing message) {
        handedAt.putIfAbsent(message.clientId(), clock.instant());
        return transport().lines().send(line.id(), message);
    }

    public SendResult reconcile(Outgoing message) {
        return transport()
                .lines()
                .reconcile(line.id(), message, handedAt.getOrDefault(message.clientId(), clock.instant()));
    }

    /// Sends what is certainly taken; its provider id.
    public String sent(Outgoing message) {
        String providerId = accepted(send(message)).providerId();
        handler.thread.addFirst(
                new InboundHandler.RecentText(providerId, message.text(), message.mediaUrl() != null, true));
        return providerId;
    }

    public static SendResult.Accepted accepted(SendResult result) {
        Assertions.assertThat(result).isInstanceOf(SendResult.Accepted.class);
        return (SendResult.Accepted) result;
    }

    public Capabilities capabilities() {
        return transport().lines().capabilities(line.id(), ANN);
    }

    /// Lets time pass until `actual` is as expected, for a minute of ours at most.
    public <T> void eventually(Supplier<T> actual, T expected) {
        Assertions.assertThat(pass(actual, expected::equals)).isEqualTo(expected);
    }

    /// Lets time pass until `actual` is as wished; what it then is.
    public <T> T awaited(Supplier<T> actual, Predicate<T> wish) {
        T seen = pass(actual, wish);
        Assertions.assertThat(wish.test(seen)).as("still " + seen).isTrue();
        return seen;
    }

    private <T> T pass(Supplier<T> actual, Predicate<T> wish) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        T seen = actual.get();
        while (!wish.test(seen) && System.nanoTime() < deadline) {
            clock.advance(STEP);
            LockSupport.parkNanos(1_000_000);
            seen = actual.get();
        }
        return seen;
    }

    @Override
    public void close() {
        stop();
        hooks.close();
        fake.close();
    }

    /// The bytes that a driver kept before it told of them.
    public byte[] kept(String reference) {
        return Objects.requireNonNull(kept.get(reference));
    }

    /// What a driver may open, and where it may keep what comes before its text.
    private final class Files implements Attachments {

        @Override
        public Attachment open(String url) throws IOException {
            return Rig.open(url);
        }

        @Override
        public Outcome keep(FromPerson file) throws IOException {
            String reference = "kept-" + ids.next();
            kept.put(reference, file.body().readAllBytes());
            return new Outcome.Kept(reference);
        }

        @Override
        public boolean holds(String reference, PhoneNumber from) {
            return kept.containsKey(reference);
        }
    }

    private static Attachments.Attachment open(String url) throws IOException {
        if (!url.equals(PICTURE) && !url.equals(NAMED)) {
            throw new IOException("nothing there");
        }
        byte[] bytes = "a cat".getBytes(StandardCharsets.UTF_8);
        String name = url.equals(NAMED) ? NAME : "cat.jpg";
        return new Attachments.Attachment(name, "image/jpeg", bytes.length, new ByteArrayInputStream(bytes));
    }

    /// What came of a driver that must not throw, for those who look for secrets in it.
    public static Optional<String> detail(SendResult result) {
        return switch (result) {
            case SendResult.Accepted _ -> Optional.empty();
            case SendResult.Refused(var code, var detail) -> Optional.of(code + " " + detail);
            case SendResult.NotSent(var detail, var _) -> Optional.of(detail);
            case SendResult.Unknown(var detail) -> Optional.of(detail);
        };
    }
}
