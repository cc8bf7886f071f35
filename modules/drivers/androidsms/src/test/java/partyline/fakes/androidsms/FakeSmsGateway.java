package partyline.fakes.androidsms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.fakes.androidsms.GatewaySms.Came;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// The app SMS Gateway for Android on the phone of a line, and Ann, who has an old phone: texts come with
/// the carrier's stamp of whole seconds and under ids that are hashes, now from `+12025550140` and now
/// from `2025550140`, and are told twice; what comes while the app does not run is in the phone's store
/// alone; the newest of what waits goes first.
public class FakeSmsGateway implements FakeLine {

    public static final String USER = "sms";
    public static final String PASSWORD = "password-never-to-be-seen";
    public static final String SIGNING_KEY = "signing-key-never-to-be-seen";
    static final String AUTHORIZATION =
            "Basic " + GatewayApp.base64((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final Map<String, String> WORDS = Map.of("love", "Loved", "like", "Liked", "laugh", "Laughed at");
    private static final Map<String, String> REMOVED = Map.of("love", "a heart", "like", "a like", "laugh", "a laugh");

    private final GatewayApp app = new GatewayApp();
    private final Queue<Came> unsaid = new ArrayDeque<>();
    private Instant stamp = Instant.EPOCH;
    private int rows;
    private boolean gone;

    /// The app on the phone.
    public FakeSmsGateway() {}

    /// Where the app answers.
    public final String url() {
        return app.url();
    }

    /// From now on it is a server, behind which the phone is; that has no inbox to be asked for.
    public final void isServer() {
        app.atServer = true;
    }

    public final void runOn(InstantSource other) {
        app.clock = other;
    }

    @Override
    public Set<Feature> features() {
        Set<Feature> features = EnumSet.of(
                Feature.MEDIA,
                Feature.SHOWS_FILE_NAMES,
                Feature.HEARS_ADDRESSES,
                Feature.HEARS_FILE_NAMES,
                Feature.HEARS_TAPBACKS,
                Feature.DELIVERED,
                Feature.SMS,
                Feature.FINDS_SENDS,
                Feature.CATCHES_UP,
                Feature.REMOTE);
        if (app.atServer) {
            features.remove(Feature.CATCHES_UP);
        }
        return features;
    }

    @Override
    public List<String> secrets() {
        return List.of(PASSWORD, SIGNING_KEY, AUTHORIZATION.substring("Basic ".length()), "/hooks/");
    }

    @Override
    public void next(Trouble trouble) {
        app.troubles.add(trouble);
    }

    /// The next send is not done, and answered so.
    public final void nextAnswer(int status, String json) {
        app.scripted.add(new GatewayApp.Scripted(status, json));
    }

    /// The next send fails on the phone, in the app's words.
    public final void nextFails(String error) {
        app.nextError = error;
    }

    @Override
    public String writes(String text) {
        return arrives(new Came(spelled(), text, stamp(), 1, null, row()));
    }

    /// Somebody else writes, as the phone names them.
    public final String writesFrom(String sender, String text) {
        return arrives(new Came(sender, text, stamp(), 1, null, row()));
    }

    /// By MMS, which mail can be sent as.
    @Override
    public void writesFromAddress(String address, String text) {
        writesFrom(address, text);
    }

    /// Ann writes to the other SIM of the phone.
    public final void writesToSim(int sim, String text) {
        arrives(new Came(spelled(), text, stamp(), sim, null, row()));
    }

    /// Ann sent it long ago, and the phone was off.
    public final String writesLate(String text, Duration ago) {
        Instant then = app.clock.instant().minus(ago).truncatedTo(ChronoUnit.SECONDS);
        return arrives(new Came(spelled(), text, then, 1, null, row()));
    }

    /// Ann sends a picture, which the phone has fetched.
    public final void sendsPicture(@Nullable String text) {
        arrives(new Came(spelled(), text, stamp(), 1, new GatewaySms.File("photo.jpg", "image/jpeg"), row()));
    }

    /// From now on pictures are these bytes.
    public final void sendsBytes(byte[] bytes) {
        app.file = bytes;
    }

    @Override
    public void sendsFile(String name) {
        arrives(new Came(spelled(), "look", stamp(), 1, new GatewaySms.File(name, "image/jpeg"), row()));
    }

    @Override
    public List<String> fileNames() {
        return app.bodies.stream()
                .map(it -> it.path("mmsMessage")
                        .path("attachments")
                        .path(0)
                        .path("name")
                        .asString(""))
                .filter(it -> !it.isEmpty())
                .toList();
    }

    @Override
    public boolean writesOddly(String text, Oddity oddity) {
        switch (oddity) {
            case TIME -> arrives(new Came(spelled(), text, Instant.parse("9998-01-01T00:00:00Z"), 1, null, row()));
            case TYPE_OF_A_FILE ->
                arrives(new Came(
                        spelled(), text, stamp(), 1, new GatewaySms.File("a.m4a", "Audio/MP4; codecs=mp4a"), row()));
            case KNOWN_ID -> {
                // The phone's store does not name the SIM of what the broadcast named it: another hash, the same text.
                Came last = app.inbox.getLast();
                arrives(new Came(last.sender(), last.text(), last.stamp(), null, null, last.row()));
            }
            case STYLE, SERVICE_IN_ODD_LETTERS, SERVICE -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        String quote = "“"
                + app.given.stream()
                        .filter(it -> it.id.equals(providerId))
                        .findFirst()
                        .orElseThrow()
                        .text
                + "”";
        writes(removed ? "Removed " + REMOVED.get(reaction) + " from " + quote : WORDS.get(reaction) + " " + quote);
    }

    @Override
    public void types(boolean typing) {}

    @Override
    public void reads() {}

    @Override
    public void has(Service next) {}

    @Override
    public List<Bubble> bubbles() {
        return app.given.stream()
                .filter(it -> it.states.containsKey("Sent"))
                .sorted((one, other) -> one.states.get("Sent").compareTo(other.states.get("Sent")))
                .map(it -> new Bubble(it.id, it.text, null, it.media, Service.SMS))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return Optional.empty();
    }

    @Override
    public boolean showsTyping() {
        return false;
    }

    @Override
    public boolean showsRead() {
        return false;
    }

    /// What it was given to send, in order.
    public final List<JsonNode> given() {
        return List.copyOf(app.bodies);
    }

    /// The words that it sent, in the order in which they left.
    public final List<String> sent() {
        return List.copyOf(app.sent);
    }

    /// Which of those that wait goes first: `LIFO` the newest, `FIFO` the oldest.
    public final String order() {
        return app.order;
    }

    /// The events that it was asked to call us with, and where.
    public final List<JsonNode> webhooks() {
        return List.copyOf(app.webhooks.values());
    }

    /// Whether it knows where to call, for everything that it has to tell.
    public final boolean isTold() {
        return app.webhooks.size() == 6
                && app.webhooks.values().stream()
                        .noneMatch(it -> it.path("url").asString().contains(":0/"));
    }

    /// What our calls were answered, in order.
    public final List<Integer> answers() {
        return app.callbacks.answers();
    }

    /// How often it was asked to look through the phone's store.
    public final int refreshes() {
        return app.refreshes.get();
    }

    /// From now on it signs with this key.
    public final void signsWith(String key) {
        app.signingKey = key;
    }

    /// From now on its clock is wrong.
    public final void clockIsWrongBy(Duration by) {
        app.clockWrongBySeconds = by.toSeconds();
    }

    /// Whether what it has to send waits for a signal.
    public final void hasNoSignal(boolean none) {
        app.noSignal = none;
        app.work();
    }

    /// From now on it is this version of the app, such as 75 for 1.75.0.
    public final void isVersion(int version) {
        app.version = version;
    }

    /// It may not read the phone's own store.
    public final void mayNotReadSms() {
        app.mayReadSms = false;
    }

    /// What its page of health says about one thing.
    public final void check(String name, String status, int value) {
        app.checks.set(name, Json.object().put("status", status).put("observedValue", value));
    }

    /// The app tells how it is by itself.
    public final void pings() {
        app.tell("system:ping", Json.object().set("health", Json.object().set("checks", app.checks.deepCopy())));
    }

    /// The server knows this many phones, and has heard of them last then.
    public final void phones(int many, Instant lastSeen) {
        app.devices = many;
        app.lastSeen = GatewaySms.time(lastSeen);
    }

    /// The app is installed anew, and has forgotten everything.
    public final void isInstalledAnew() {
        app.installation = "2026-02-02T00:00:00.000Z";
        app.given.clear();
        app.inbox.clear();
        app.webhooks.clear();
        app.order = "LIFO";
    }

    @Override
    public void tellsAgain() {
        app.callbacks.tellAgain();
    }

    @Override
    public void way(Way way) {
        app.callbacks.go(way);
    }

    @Override
    public synchronized void stop() {
        gone = true;
        app.server.stop();
    }

    @Override
    public synchronized void start() {
        gone = false;
        app.server.start();
        while (!unsaid.isEmpty()) {
            process(unsaid.remove());
        }
    }

    @Override
    public void close() {
        app.close();
    }

    /// What the server will call it.
    private synchronized String arrives(Came sms) {
        app.store.add(sms);
        if (!gone) {
            heard(sms);
        } else if (app.atServer) {
            unsaid.add(sms);
        }
        return id(sms);
    }

    /// The app hears of a text, and then looks what else there is in the phone's store, if it may.
    private void heard(Came sms) {
        if (app.mayReadSms && !app.atServer) {
            app.store.stream().filter(it -> it.row() < sms.row()).forEach(this::process);
        }
        process(sms);
    }

    /// What it knows, it does not tell again, but what is new it tells twice.
    private void process(Came sms) {
        if (app.inbox.stream().anyMatch(known -> known.id().equals(sms.id()))) {
            return;
        }
        app.inbox.add(sms);
        app.tell(sms.mms() ? "mms:downloaded" : "sms:received", sms.payload(GatewayApp.base64(app.file)));
        app.tell(sms.mms() ? "mms:downloaded" : "sms:received", sms.payload(GatewayApp.base64(app.file)));
    }

    /// No carrier gives two texts of a person the same second.
    private synchronized Instant stamp() {
        Instant now = app.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        stamp = now.isAfter(stamp) ? now : stamp.plusSeconds(1);
        return stamp;
    }

    private synchronized int row() {
        rows++;
        return rows;
    }

    /// A phone spells numbers as the network does, which is not always the same.
    private synchronized String spelled() {
        return rows % 2 == 0 ? PERSON : PERSON.substring(2);
    }

    private static String id(Came sms) {
        String text = PERSON + "\n" + sms.stamp().getEpochSecond() + "\n" + (sms.text() == null ? "" : sms.text());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
