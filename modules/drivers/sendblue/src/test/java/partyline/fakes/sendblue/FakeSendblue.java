package partyline.fakes.sendblue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.node.ObjectNode;

/// Sendblue with one line, and Ann: key headers, `QUEUED` first and callbacks without a signature afterwards, tapbacks
/// of Ann as text, no news of what she read, a list that can be asked.
public class FakeSendblue implements FakeLine {

    public static final String KEY_ID = "key-of-the-account";
    public static final String SECRET_KEY = "sb-secret-never-to-be-seen";
    private static final Map<String, String> WORDS = Map.of(
            "love", "Loved",
            "like", "Liked",
            "dislike", "Disliked",
            "laugh", "Laughed at",
            "emphasize", "Emphasized",
            "question", "Questioned");
    private static final Map<String, String> REMOVED = Map.of(
            "love", "a heart",
            "like", "a like",
            "dislike", "a dislike",
            "laugh", "a laugh",
            "emphasize", "an exclamation",
            "question", "a question mark");

    private final SendblueAccount account;
    private final Queue<SendblueMessage> unsaid = new ArrayDeque<>();
    private volatile boolean gone;

    public FakeSendblue(String line) {
        account = new SendblueAccount(line);
    }

    public final String url() {
        return account.server.url();
    }

    /// Whose time it shows in its dates.
    public final void runOn(InstantSource other) {
        account.clock = other;
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(
                EnumSet.of(Feature.HEARS_READ, Feature.SHOWS_FILE_NAMES, Feature.ANSWERS_ADDRESSES));
    }

    @Override
    public void writesFromAddress(String address, String text) {
        writesWith(text, "{\"number\": \"%s\", \"from_number\": \"%s\"}".formatted(address, address));
    }

    @Override
    public void sendsFile(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        writesWith("", "{\"media_url\": \"https://storage.example.org/1/%s\"}".formatted(encoded));
    }

    @Override
    public List<String> secrets() {
        return List.of(SECRET_KEY, "/hooks/");
    }

    @Override
    public void next(Trouble trouble) {
        account.troubles.add(trouble);
    }

    /// The next send is not done, and answered so.
    public final void nextAnswer(int status, String json, @Nullable String retryAfter) {
        account.scripted.add(new SendblueAccount.Scripted(status, (ObjectNode) Json.read(json), retryAfter));
    }

    /// How the line itself is: `ONLINE`, `DEGRADED` or `OFFLINE`.
    public final void line(String next) {
        account.state = next;
    }

    @Override
    public String writes(String text) {
        return says(text, "", "");
    }

    /// Ann writes; `media` is the address of a picture, `group` the id of a group that she writes to, or empty.
    public final synchronized String says(String text, String media, String group) {
        SendblueMessage message = new SendblueMessage(account.handle(), false, account.line, account.clock.instant());
        message.text = text;
        message.media = media.isEmpty() ? null : media;
        message.group = group;
        message.status = "RECEIVED";
        message.service = account.service;
        account.read = false;
        if (gone) {
            unsaid.add(message);
        } else {
            arrive(message);
        }
        return message.handle;
    }

    @Override
    public synchronized boolean writesOddly(String text, Oddity oddity) {
        SendblueMessage message = new SendblueMessage(
                oddity == Oddity.KNOWN_ID ? account.messages.getLast().handle : account.handle(),
                false,
                account.line,
                account.clock.instant());
        message.text = text;
        message.status = "RECEIVED";
        switch (oddity) {
            case STYLE -> message.style = "somersault";
            case SERVICE_IN_ODD_LETTERS -> message.oddService = "sMs";
            case SERVICE -> message.oddService = "Carrier Pigeon";
            case TIME -> message.oddDate = "9998-01-01T00:00:00Z";
            case KNOWN_ID -> {
                account.tell("receive", message.json());
                return true;
            }
            case TYPE_OF_A_FILE -> {
                return false;
            }
        }
        arrive(message);
        return true;
    }

    /// Ann writes, and the call says some things in another way.
    public final void writesWith(String text, String more) {
        ObjectNode json = new SendblueMessage(account.handle(), false, account.line, account.clock.instant()).json();
        json.put("content", text);
        json.setAll((ObjectNode) Json.read(more));
        account.tell("receive", json);
    }

    /// From now on it calls with this secret, or, when empty, with ours again.
    public final void callsWith(String secret) {
        account.signingSecret = secret;
    }

    /// The account has no webhook for who types.
    public final void hasNoTyping() {
        account.withoutTyping = true;
    }

    /// The kinds of webhooks that were to be registered so far.
    public final List<String> registrations() {
        return List.copyOf(account.registrations);
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        String quote = "“" + account.message(providerId).text + "”";
        writes(removed ? "Removed " + REMOVED.get(reaction) + " from " + quote : WORDS.get(reaction) + " " + quote);
    }

    @Override
    public void types(boolean typing) {
        ObjectNode body = Json.object()
                .put("number", PERSON)
                .put("is_typing", typing)
                .put("from_number", account.line)
                .put("timestamp", account.clock.instant().toString());
        account.tell("typing_indicator", body);
    }

    @Override
    public void reads() {}

    @Override
    public void has(Service next) {
        account.service = next;
    }

    @Override
    public List<Bubble> bubbles() {
        return account.messages.stream()
                .filter(message -> message.outbound && !message.status.equals("ERROR"))
                .map(message -> new Bubble(
                        message.handle,
                        message.text,
                        message.service == Service.IMESSAGE ? message.style : null,
                        message.media != null,
                        message.service))
                .toList();
    }

    /// The addresses of what was sent along, in order.
    public final List<String> media() {
        return account.messages.stream()
                .filter(message -> message.outbound)
                .flatMap(message -> Stream.ofNullable(message.media))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return Optional.ofNullable(account.message(providerId).reaction);
    }

    @Override
    public boolean showsTyping() {
        Instant until = account.typingUntil;
        return until != null && until.isAfter(account.clock.instant());
    }

    @Override
    public boolean showsRead() {
        return account.read;
    }

    /// The addresses that the account calls with what people write.
    public final List<String> receivers() {
        return account.webhooks
                .path("receive")
                .valueStream()
                .map(it -> (it.isObject() ? it.path("url") : it).asString())
                .toList();
    }

    /// What our calls were answered, in order.
    public final List<Integer> answers() {
        return account.callbacks.answers();
    }

    /// The status callback of a send, from now on at this address, without a signature.
    public final String callbackOf(String handle) {
        return String.valueOf(account.message(handle).statusCallback);
    }

    /// Something happens to a send afterwards.
    public final void becomes(String handle, String status, @Nullable String errorCode) {
        SendblueMessage message = account.message(handle);
        message.errorCode = errorCode;
        account.become(message, status);
    }

    @Override
    public void tellsAgain() {
        account.callbacks.tellAgain();
    }

    @Override
    public void way(Way way) {
        account.callbacks.go(way);
    }

    @Override
    public synchronized void stop() {
        gone = true;
        account.server.stop();
    }

    @Override
    public synchronized void start() {
        gone = false;
        account.server.start();
        while (!unsaid.isEmpty()) {
            arrive(unsaid.remove());
        }
    }

    @Override
    public void close() {
        account.close();
    }

    private void arrive(SendblueMessage message) {
        account.messages.add(message);
        account.tell("receive", message.json());
    }
}
