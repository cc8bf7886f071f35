package partyline.fakes;

import java.nio.charset.StandardCharsets;
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
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// A Mac with a BlueBubbles server as 1.9.9 behaves, seen from outside: what Ann does, what her phone shows, and what
/// is
/// wrong with the Mac. [MacServer] answers its calls. Thread-safe.
public final class FakeMac implements FakeLine {

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
        /// Answered 200; the row gets error 22 later, of which no event tells.
        SILENT_22,
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

    final MacDatabase database = new MacDatabase();
    final MacWebhooks webhooks = new MacWebhooks();
    final Queue<Object> faults = new ConcurrentLinkedQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    final Set<String> readChats = ConcurrentHashMap.newKeySet();
    private final Set<String> chats = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Instant> typing = new AtomicReference<>(Instant.EPOCH);
    private final MacServer server = new MacServer(this);
    private final String number;
    volatile String person = PERSON;
    volatile boolean privateApi = true;
    volatile boolean helper = true;
    volatile boolean smsForwarding = true;
    volatile String version = "1.9.9";
    volatile String prefix = "iMessage";
    volatile Service service = Service.IMESSAGE;
    volatile CountDownLatch hanging = new CountDownLatch(1);
    volatile boolean stopped;
    private volatile InstantSource clock = InstantSource.system();

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

    /// Ann writes, with whatever else the row has.
    String writes(String text, Consumer<MacRow> more) {
        MacRow row = database.insert(chat(), false, text, millis(), it -> {
            it.address = person;
            more.accept(it);
        });
        chats.add(row.chat);
        tell("new-message", row, true);
        return row.guid;
    }

    /// Ann sends a picture; with `late` its row is there before the attachment is.
    public String sendsPicture(byte[] bytes, boolean late) {
        return writes("\uFFFC", row -> {
            row.attachment = "at_0_" + row.guid;
            row.attachmentName = "IMG_1.jpeg";
            row.attachmentType = "image/jpeg";
            row.bytes = bytes;
            row.attachmentJoined = !late;
        });
    }

    public void joinsAttachment(String guid) {
        change(guid, row -> row.attachmentJoined = true);
    }

    /// A row that no chat has yet; it is announced, and cannot be queried.
    public String writesUnlinked(String text) {
        return writes(text, row -> row.chatLinked = false);
    }

    public void linksChat(String guid) {
        change(guid, row -> row.chatLinked = true);
    }

    public String writesStyled(String text, String appleEffect) {
        return writes(text, row -> row.effect = appleEffect);
    }

    public void writesFrom(String address, String text) {
        writes(text, row -> row.address = address);
    }

    /// Ann's message was long under way: its date is old, its row is new.
    public void writesLate(String text, Duration late) {
        insert(text, millis() - late.toMillis());
    }

    /// A busy group, and in it every hundredth message from Ann to us; no event tells of any. The newest dates come
    /// first.
    public void writesMany(int count) {
        for (int at = 0; at < count; at++) {
            String where = at % 100 == 0 ? chat() : "iMessage;+;chat8675309";
            database.insert(where, false, "many " + at, millis() - at * 1000L, row -> row.address = person);
        }
    }

    private void insert(String text, long date) {
        MacRow row = database.insert(chat(), false, text, date, it -> it.address = person);
        tell("new-message", row, true);
    }

    /// Somebody writes in a group that the Mac is in.
    public void writesInGroup(String text) {
        MacRow row = database.insert("iMessage;+;chat8675309", false, text, millis(), it -> it.address = person);
        tell("new-message", row, true);
    }

    /// A new name of the group; comes as a message as well.
    public void changesSubject() {
        writes("", row -> row.itemType = 2);
    }

    /// An old message turns up as `new-message` again, as when its read date changed after an hour.
    public void replays(String guid) {
        database.find(guid).ifPresent(row -> tell("new-message", row, true));
    }

    /// The operator writes from the Mac itself.
    public void writesByHand(String text) {
        MacRow row = database.insert(chat(), true, text, millis(), _ -> {});
        tell("new-message", row, true);
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        reactsRaw(providerId, (removed ? "-" : "") + reaction, "Loved “…”");
    }

    public void reactsWithEmoji(String providerId, String emoji, boolean removed) {
        reactsRaw(
                providerId,
                removed ? "3006" : "2006",
                removed ? "Removed a " + emoji + " from “hello”" : "Reacted " + emoji + " to “hello”");
    }

    private void reactsRaw(String providerId, String type, String text) {
        writes(text, row -> {
            row.associatedGuid = "p:0/" + providerId;
            row.associatedType = type;
        });
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
        return database.all(row -> row.fromMe && row.error == 0 && row.associatedType == null && !row.group()).stream()
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

    /// The chat of Ann's phone as it is now.
    String chat() {
        return (service == Service.IMESSAGE ? prefix : "SMS") + ";-;" + person;
    }

    long millis() {
        return clock.instant().toEpochMilli();
    }

    private void change(String guid, Consumer<MacRow> change) {
        database.find(guid).ifPresent(row -> database.change(row, change));
    }

    private void tell(String type, MacRow row, boolean withChats) {
        if (!stopped) {
            webhooks.tell(type, database.json(row, withChats));
        }
    }
}
