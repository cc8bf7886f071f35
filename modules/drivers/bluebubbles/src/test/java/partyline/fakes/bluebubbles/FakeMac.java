package partyline.fakes.bluebubbles;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// A Mac with a BlueBubbles server as 1.9.9 behaves, seen from outside: what Ann's phone shows, and what is wrong with
/// the Mac. [MacServer] answers its calls. Thread-safe.
public final class FakeMac extends MacPhone implements FakeLine {

    /// Further ways of a send to go wrong, beside [FakeLine.Trouble].
    public enum Fault {
        /// None: this one goes well, and the next fault meets the one after it.
        NONE,
        /// Sent; the answer is the server's own time-out.
        SENT_504,
        /// Sent; the connection ends without an answer.
        SENT_CUT,
        /// Sent; the helper's transaction timed out.
        SENT_TRANSACTION_TIMEOUT,
        /// Sent, and answered 400 because the same temporary id is still under way.
        SENT_ALREADY_QUEUED,
        /// Answered 200; with [#verdict] the row gets error 22, of which no event tells.
        SILENT_22,
        /// Answered 200; with [#verdict] the row gets error 22, which an event tells.
        TOLD_22,
        /// Sent, and told with its echo; the answer does not come.
        SENT_SILENT,
        /// Sent; the answer names what was written before it.
        SENT_AS_PREVIOUS,
        /// Nothing happens until [#uploaded].
        SLOW_UPLOAD,
        /// Answered 500 with a row that has error 22.
        ERROR_22,
        /// Not sent; a proxy in front answers with a page of its own.
        PROXY_PAGE
    }

    public static final String PASSWORD = "corr&ct horse";
    private static final Duration TYPING_LIFE = Duration.ofSeconds(60);
    private static final Map<String, String> EFFECTS = Map.of(
            "com.apple.messages.effect.CKConfettiEffect", "confetti",
            "com.apple.MobileSMS.expressivesend.impact", "slam",
            "com.apple.messages.effect.CKShootingStarEffect", "shooting_star");

    final Queue<Object> faults = new ConcurrentLinkedQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    final Set<String> readChats = ConcurrentHashMap.newKeySet();
    /// Temporary ids of sends that were refused for want of the helper: what resolves one leaves the next try waiting.
    final Set<String> promises = ConcurrentHashMap.newKeySet();
    private final Map<MacRow, Fault> undecided = new ConcurrentHashMap<>();
    final CountDownLatch uploading = new CountDownLatch(1);
    private final AtomicReference<Instant> typing = new AtomicReference<>(Instant.EPOCH);
    private final MacServer server = new MacServer(this);
    private final String number;
    volatile boolean privateApi = true;
    volatile boolean helper = true;
    volatile boolean smsForwarding = true;
    volatile String version = "1.9.9";
    volatile String detected = "someone@example.org";
    volatile boolean infoFails;
    volatile boolean signedIn = true;
    volatile CountDownLatch hanging = new CountDownLatch(1);

    public FakeMac(String number) {
        this.number = number;
        server.start();
    }

    public String url() {
        return server.url();
    }

    public void use(InstantSource other) {
        clock = other;
    }

    /// Every call so far, as `POST /message/text`, with its body.
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public void fault(Fault fault) {
        faults.add(fault);
    }

    public void helper(boolean connected) {
        helper = connected;
    }

    public void privateApi(boolean on) {
        privateApi = on;
        helper = on;
    }

    public void smsForwarding(boolean on) {
        smsForwarding = on;
    }

    public void version(String next) {
        version = next;
    }

    /// macOS 26 calls every chat `any`.
    public void prefix(String next) {
        prefix = next;
    }

    /// The account that the newest chat names, as the server tells it.
    public void detected(String account) {
        detected = account;
    }

    /// The server fails to say how the Mac is, as when the newest chat names no account.
    public void infoFails(boolean fails) {
        infoFails = fails;
    }

    public void signedIn(boolean in) {
        signedIn = in;
    }

    /// Apple finds out that nobody has iMessage there.
    public void verdict() {
        undecided.forEach((row, fault) -> {
            database.change(row, it -> it.error = 22);
            if (fault == Fault.TOLD_22) {
                tell("message-send-error", row, true);
            }
        });
        undecided.clear();
    }

    /// Lets the slow upload come to its end.
    public void uploaded() {
        uploading.countDown();
    }

    public JsonNode hooks() {
        return webhooks.list();
    }

    public void register(String url, List<String> events) {
        webhooks.register(url, events);
    }

    public void unregisterAll() {
        webhooks.clear();
    }

    /// Messages no longer knows the chats that its database has.
    public void forgetChats() {
        chats.clear();
    }

    public void replaceDatabase() {
        database.replace();
    }

    public void skipRowIds(long rowIds) {
        database.skip(rowIds);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.TAPBACKS_FOR_GOOD));
    }

    @Override
    public List<String> secrets() {
        return List.of(PASSWORD, "corr%26ct", "corr&ct");
    }

    @Override
    public void next(Trouble trouble) {
        faults.add(trouble);
    }

    @Override
    public String writes(String text) {
        return writes(text, _ -> {});
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        reactsRaw(providerId, (removed ? "-" : "") + reaction, "Loved “…”");
    }

    @Override
    public void types(boolean shown) {
        if (!stopped) {
            webhooks.tell(
                    "typing-indicator", Json.object().put("display", shown).put("guid", chat()));
        }
    }

    @Override
    public void reads() {
        for (MacRow row : database.all(it -> it.fromMe && it.read == 0 && it.error == 0)) {
            database.change(row, it -> it.read = millis());
            tell("updated-message", row, false);
        }
    }

    @Override
    public void has(Service next) {
        service = next;
    }

    @Override
    public List<Bubble> bubbles() {
        return database
                .all(row -> row.fromMe && row.error == 0 && row.associatedType == null && row.chat.endsWith(person))
                .stream()
                .map(row -> new Bubble(
                        row.guid,
                        row.text.isEmpty() ? null : row.text,
                        row.effect == null || row.chat.startsWith("SMS")
                                ? null
                                : EFFECTS.getOrDefault(row.effect, row.effect),
                        row.attachment != null,
                        row.chat.startsWith("SMS") ? Service.SMS : Service.IMESSAGE))
                .toList();
    }

    @Override
    public void writesFromAddress(String address, String text) {
        writesFromElsewhere(address, text);
    }

    @Override
    public List<String> saidTo(String address) {
        return database.all(row -> row.fromMe && row.chat.endsWith(";-;" + address)).stream()
                .map(row -> row.text)
                .toList();
    }

    @Override
    public void sendsFile(String name) {
        writes("\uFFFC", row -> {
            row.attachment = "at_0_" + row.guid;
            row.attachmentName = Normalizer.normalize(name, Normalizer.Form.NFD);
            row.attachmentType = "image/jpeg";
            row.bytes = new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
        });
    }

    @Override
    public List<String> fileNames() {
        return database.all(row -> row.fromMe && row.attachment != null).stream()
                .map(row -> row.attachmentName)
                .toList();
    }

    /// What the attachments that we sent hold, as text.
    public List<String> attachments() {
        return database.all(row -> row.fromMe && row.attachment != null).stream()
                .map(row -> row.attachmentName + ": " + new String(row.bytes, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return database.all(row -> row.fromMe && Objects.equals(row.associatedGuid, "p:0/" + providerId)).stream()
                .map(row -> Objects.requireNonNull(row.associatedType))
                .reduce((_, last) -> last)
                .filter(type -> !type.startsWith("-"));
    }

    @Override
    public boolean showsTyping() {
        return typing.get().isAfter(clock.instant());
    }

    @Override
    public boolean showsRead() {
        return !readChats.isEmpty();
    }

    @Override
    public void tellsAgain() {
        webhooks.tellAgain();
    }

    @Override
    public void way(Way way) {
        webhooks.go(way);
    }

    @Override
    public void stop() {
        stopped = true;
        hanging.countDown();
        uploading.countDown();
        server.stop();
    }

    @Override
    public void start() {
        hanging = new CountDownLatch(1);
        server.start();
        stopped = false;
        webhooks.tell("hello-world", null);
    }

    @Override
    public void close() {
        stop();
        webhooks.close();
    }

    /// Puts what we send into the database and on its way.
    MacRow send(String chat, String text, @Nullable String tempGuid, Consumer<MacRow> more) {
        typing.set(Instant.EPOCH);
        chats.add(chat);
        MacRow row = database.insert(chat, true, text, millis(), it -> {
            it.tempGuid = tempGuid;
            more.accept(it);
        });
        if (stopped || row.error != 0) {
            return row;
        }
        if (tempGuid != null) {
            webhooks.tell("new-message", database.json(row, true).put("tempGuid", tempGuid));
        }
        tell("new-message", row, true);
        if (row.associatedType == null) {
            database.change(row, it -> it.delivered = millis());
            tell("updated-message", row, false);
        }
        return row;
    }

    boolean knows(String chat) {
        return chats.contains(chat);
    }

    void typing(boolean shown) {
        typing.set(shown ? clock.instant().plus(TYPING_LIFE) : Instant.EPOCH);
    }

    String number() {
        return number;
    }

    void undecided(MacRow row, Fault fault) {
        undecided.put(row, fault);
    }

    void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
