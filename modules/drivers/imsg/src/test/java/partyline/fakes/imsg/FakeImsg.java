package partyline.fakes.imsg;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.Normalizer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.testkit.Eventually;
import partyline.transport.Service;

/// A Mac with imsg on it, and Ann's phone. [#command] is a program that is really started, and speaks as imsg 0.15
/// does,
/// protocol 1: with its bridge into Messages or without. What it tells by itself gets lost, doubled and late, its rows
/// come before their chats and files, its sends leave ghosts, and it dies with answers in its hands. Thread-safe.
public class FakeImsg implements FakeLine {

    private static final Duration LATE = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// What Ann's phone shows of what Apple calls so.
    private static final Map<String, String> EFFECTS = Map.of(
            "com.apple.messages.effect.CKConfettiEffect", "confetti",
            "com.apple.MobileSMS.expressivesend.impact", "slam");

    static final String GROUP = "iMessage;+;chat8675309";
    private static final Set<Feature> WITHOUT_BRIDGE = EnumSet.of(
            Feature.MEDIA,
            Feature.HEARS_ADDRESSES,
            Feature.ANSWERS_ADDRESSES,
            Feature.SHOWS_FILE_NAMES,
            Feature.HEARS_FILE_NAMES,
            Feature.HEARS_TAPBACKS,
            Feature.HEARS_READ,
            Feature.DELIVERED,
            Feature.SMS,
            Feature.FINDS_SENDS,
            Feature.CATCHES_UP,
            Feature.REMOTE);
    private static final Set<Feature> WITH_BRIDGE = EnumSet.complementOf(EnumSet.of(Feature.TAPBACKS_FOR_GOOD));

    /// What a send becomes besides [Trouble].
    public enum Mishap {
        /// Messages takes it and writes a row that is in no chat; Ann gets nothing.
        GHOST,
        /// It is sent, and imsg does not see the row in time.
        NO_ROW_YET,
        /// It is still under way, and so is everything behind it until imsg starts anew.
        IN_FLIGHT,
        /// Messages takes its time, until it [#goesOn].
        SLOW
    }

    private final ServerSocket port;
    private final Path folder;
    private final List<ImsgRow> rows = new ArrayList<>();
    private final List<ImsgConnection> connections = new CopyOnWriteArrayList<>();
    private final List<ImsgRow> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger starts = new AtomicInteger();
    final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();
    final AtomicReference<@Nullable Mishap> mishap = new AtomicReference<>();
    private final CountDownLatch slowness = new CountDownLatch(1);
    final Set<Long> pids = ConcurrentHashMap.newKeySet();
    /// Those that were begun without a word.
    final Set<String> chats = ConcurrentHashMap.newKeySet();

    /// What is never taken, and what imsg says to it.
    final Map<String, String> refused = new ConcurrentHashMap<>();
    /// The number or address that Messages begins chats with.
    volatile String sendsFrom;
    private long lastRowId = 4_710;
    private @Nullable ImsgRow held;
    private volatile Way way = Way.STRAIGHT;
    volatile Service service = Service.IMESSAGE;
    volatile String prefix = "";
    volatile boolean bridge;
    volatile boolean database = true;
    volatile boolean outdated;
    volatile boolean typing;
    volatile boolean read;
    volatile InstantSource clock = InstantSource.system();
    private volatile boolean stopped;

    public FakeImsg(String number, boolean bridge) {
        this.sendsFrom = number;
        this.bridge = bridge;
        try {
            port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            folder = Files.createTempDirectory("fake-mac");
            Files.createDirectories(folder.resolve("Library/Messages/Attachments"));
            install();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("fake-imsg").start(this::accept);
    }

    /// The program, to be run with the word `rpc`.
    public String command() {
        return folder.resolve("imsg").toString();
    }

    /// Its rows are as old as this clock says.
    public void use(InstantSource now) {
        clock = now;
    }

    @Override
    public Set<Feature> features() {
        return Set.copyOf(bridge ? WITH_BRIDGE : WITHOUT_BRIDGE);
    }

    @Override
    public List<String> secrets() {
        return List.of("no such secret");
    }

    /// Nothing can hang before it is there.
    @Override
    public void next(Trouble next) {
        if (next == Trouble.HANGS) {
            Eventually.until(PATIENCE, () -> connections.stream().anyMatch(ImsgConnection::isWatching), it -> it);
        }
        trouble.set(next);
    }

    /// What is slow comes to its end.
    public void goesOn() {
        slowness.countDown();
    }

    void takeTime() {
        try {
            slowness.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether what was to happen to a send happens now, or did.
    public boolean isUnderWay() {
        return mishap.get() == null;
    }

    public void next(Mishap next) {
        mishap.set(next);
    }

    @Override
    public String writes(String text) {
        return writes(text, _ -> {});
    }

    @Override
    public boolean writesOddly(String text, Oddity oddity) {
        switch (oddity) {
            case SERVICE -> arrives("Pigeon;-;" + PERSON, text, row -> row.sender = PERSON);
            case SERVICE_IN_ODD_LETTERS -> arrives("sMs;-;" + PERSON, text, row -> row.sender = PERSON);
            case TIME -> writes(text, row -> row.createdAt = "yesterday");
            case KNOWN_ID -> {
                String known = rows(row -> !row.fromMe).getLast().guid;
                writes(text, row -> row.guid = known);
            }
            case TYPE_OF_A_FILE -> writesWithFile(text, "voice.m4a", "Audio/MP4; codecs=mp4a", new byte[] {1}, _ -> {});
            case STYLE -> {
                return false;
            }
        }
        return true;
    }

    /// In a chat that is named by the address.
    @Override
    public void writesFromAddress(String address, String text) {
        arrives("iMessage;-;" + address, text, row -> row.sender = address);
    }

    @Override
    public List<String> saidTo(String address) {
        return rows(row -> row.fromMe && row.chat.endsWith(";" + address)).stream()
                .map(row -> row.text)
                .toList();
    }

    public void writesInGroup(String text) {
        arrives(GROUP, text, row -> row.sender = PERSON);
    }

    /// A row that no chat has yet: nobody sees it.
    public String writesUnjoined(String text) {
        return writes(text, row -> row.joined = false);
    }

    /// As macOS 26 names the chats of every service.
    public void namesChatsAny() {
        prefix = "any";
    }

    public String sendsFile(String text, String name, byte[] bytes) {
        return writesWithFile(text, name, "image/jpeg", bytes, _ -> {});
    }

    /// The row is there before its file is.
    public String sendsFileLate(String text, String name, byte[] bytes) {
        return writesWithFile(text, name, "image/jpeg", bytes, row -> row.fileJoined = false);
    }

    /// What was late with the row of this guid is there now.
    public void completes(String guid) {
        change(guid, row -> {
            row.joined = true;
            row.fileJoined = true;
        });
        find(guid).ifPresent(this::tell);
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        reaction(providerId, reaction.equals("emphasize") ? "emphasis" : reaction, "👍", removed);
    }

    public void reactsWithEmoji(String providerId, String emoji) {
        reaction(providerId, "custom", emoji, false);
    }

    @Override
    public void types(boolean types) {
        connections.forEach(it -> it.types(types, "iMessage;-;" + PERSON));
    }

    @Override
    public void reads() {
        rows(row -> row.fromMe && !row.isReaction()).forEach(row -> row.readAt = clock.instant());
    }

    @Override
    public void has(Service best) {
        service = best;
    }

    /// The bridge comes or goes; imsg goes on.
    public void bridge(boolean there) {
        bridge = there;
    }

    /// Whether imsg may read the Mac's messages.
    public void mayRead(boolean may) {
        database = may;
    }

    /// From now on it is an imsg from before protocol 1.
    public void isOutdated() {
        outdated = true;
    }

    /// Messages begins chats with another number or address of its Apple ID.
    public void sendsFrom(String address) {
        sendsFrom = address;
    }

    /// The Mac was set up again: ROWIDs begin anew.
    public void replaceDatabase() {
        synchronized (rows) {
            rows.clear();
            lastRowId = 0;
        }
        kill();
    }

    @Override
    public List<Bubble> bubbles() {
        return rows(row -> row.fromMe
                        && row.joined
                        && row.error == 0
                        && !row.isReaction()
                        && row.chat.endsWith(";" + PERSON))
                .stream()
                .map(row -> new Bubble(
                        row.guid,
                        row.file == null ? row.text : null,
                        Optional.ofNullable(row.effect).map(EFFECTS::get).orElse(null),
                        row.file != null,
                        row.service))
                .toList();
    }

    @Override
    public List<String> fileNames() {
        return rows(row -> row.fromMe && row.file != null).stream()
                .map(row -> row.name)
                .toList();
    }

    /// As a Mac's file system spells it.
    @Override
    public void sendsFile(String name) {
        sendsFile("\uFFFC", Normalizer.normalize(name, Normalizer.Form.NFD), new byte[] {1});
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return rows(row -> row.fromMe && row.target.equals("p:0/" + providerId)).stream()
                .reduce((_, newer) -> newer)
                .filter(row -> !row.removed)
                .map(row -> row.reaction.equals("emphasis") ? "emphasize" : row.reaction);
    }

    @Override
    public boolean showsTyping() {
        return typing;
    }

    @Override
    public boolean showsRead() {
        return read;
    }

    @Override
    public void tellsAgain() {
        List.copyOf(told).reversed().forEach(row -> connections.forEach(it -> it.tell(row)));
    }

    @Override
    public void way(Way next) {
        way = next;
    }

    /// How often the program was started so far.
    public int starts() {
        return starts.get();
    }

    /// Whether a program of this Mac is alive.
    public boolean runs() {
        return pids.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).anyMatch(ProcessHandle::isAlive);
    }

    /// `kill -9`, whatever it is doing.
    public void kill() {
        connections.forEach(ImsgConnection::kill);
    }

    @Override
    public void stop() {
        stopped = true;
        kill();
    }

    @Override
    public void start() {
        stopped = false;
    }

    @Override
    public void close() {
        kill();
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            port.close();
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String writes(String text, Consumer<ImsgRow> more) {
        read = false;
        return arrives(chat(), text, row -> {
            row.sender = PERSON;
            more.accept(row);
        });
    }

    /// The chat of Ann's phone as it is now.
    String chat() {
        String name = service == Service.IMESSAGE ? "iMessage" : "SMS";
        return (prefix.isEmpty() ? name : prefix) + ";-;" + PERSON;
    }

    ImsgRow insert(String chat, boolean fromMe, String text, Consumer<ImsgRow> more) {
        synchronized (rows) {
            lastRowId++;
            ImsgRow row = new ImsgRow(lastRowId, chat, fromMe, clock.instant());
            row.text = text;
            row.service = service;
            more.accept(row);
            rows.add(row);
            return row;
        }
    }

    List<ImsgRow> rows(Predicate<ImsgRow> wanted) {
        synchronized (rows) {
            return rows.stream().filter(wanted).toList();
        }
    }

    Optional<ImsgRow> find(String guid) {
        return rows(row -> row.guid.equalsIgnoreCase(guid)).stream().findFirst();
    }

    /// A number for each chat.
    static long chatId(String chat) {
        return chat.equals(GROUP) ? 9 : 1 + (chat.hashCode() & 0xFFFF);
    }

    /// Tells of a row, as far as the way lets it.
    void tell(ImsgRow row) {
        if (!row.joined) {
            return;
        }
        told.add(row);
        switch (way) {
            case LOST -> {}
            case STRAIGHT -> connections.forEach(it -> it.tell(row));
            case DOUBLED ->
                connections.forEach(it -> {
                    it.tell(row);
                    it.tell(row);
                });
            case DELAYED ->
                Thread.ofVirtual().start(() -> {
                    LockSupport.parkNanos(LATE.toNanos());
                    connections.forEach(it -> it.tell(row));
                });
            case REORDERED -> {
                ImsgRow before = held;
                held = before == null ? row : null;
                if (before != null) {
                    connections.forEach(it -> {
                        it.tell(row);
                        it.tell(before);
                    });
                }
            }
        }
    }

    private String arrives(String chat, String text, Consumer<ImsgRow> more) {
        ImsgRow row = insert(chat, false, text, more);
        tell(row);
        return row.guid;
    }

    /// On its disk a file has a name that every program can say, and that a shell reads otherwise.
    private String writesWithFile(String text, String name, String type, byte[] bytes, Consumer<ImsgRow> more) {
        Path file =
                folder.resolve("Library/Messages/Attachments/it's $(no) words").resolve(UUID.randomUUID() + ".bin");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writes(text, row -> {
            row.file = file.toString();
            row.name = name;
            row.type = type;
            more.accept(row);
        });
    }

    private void reaction(String target, String reaction, String emoji, boolean removed) {
        arrives(chat(), "", row -> {
            row.sender = PERSON;
            row.target = "p:0/" + target;
            row.reaction = reaction;
            row.emoji = emoji;
            row.removed = removed;
        });
    }

    private void change(String guid, Consumer<ImsgRow> change) {
        synchronized (rows) {
            find(guid).ifPresent(change);
        }
    }

    private void accept() {
        try {
            while (!port.isClosed()) {
                Socket program = port.accept();
                if (stopped) {
                    program.close();
                } else {
                    starts.incrementAndGet();
                    new ImsgConnection(this, program, connections).start();
                }
            }
        } catch (IOException e) {
            stopped = true;
        }
    }

    /// A script that starts [ImsgProgram] in a Java of its own.
    private void install() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes/partyline/fakes/imsg"));
        try (InputStream program = ImsgProgram.class.getResourceAsStream("ImsgProgram.class")) {
            Files.copy(Optional.ofNullable(program).orElseThrow(), classes.resolve("ImsgProgram.class"));
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path script = Files.writeString(folder.resolve("imsg"), """
                #!/bin/sh
                exec "%s" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx32m -cp "%s" %s %d "$@"
                """.formatted(
                        java, folder.resolve("classes"), ImsgProgram.class.getName(), port.getLocalPort()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /// What somebody's best service is called in a database.
    static String name(Service service) {
        return service == Service.IMESSAGE ? "iMessage" : service.name().toUpperCase(Locale.ROOT);
    }
}
