package partyline.fakes.twilio;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import partyline.drivers.contract.FakeLine;
import partyline.transport.Service;

/// Twilio with one number, and Ann, who has an old phone: Basic auth, forms, dates as in mail, signed callbacks in an
/// order of their own, and a list that is newest first. Her phone spells tapbacks out.
public class FakeTwilio implements FakeLine {

    public static final String ACCOUNT = "AC1";
    public static final String AUTH_TOKEN = "twilio-token-never-to-be-seen";
    private static final Map<String, String> WORDS = Map.of(
            "love", "Loved",
            "like", "Liked",
            "laugh", "Laughed at");
    private static final Map<String, String> REMOVED = Map.of("love", "a heart", "like", "a like", "laugh", "a laugh");

    private final TwilioAccount account;
    private final Queue<TwilioMessage> unsaid = new ArrayDeque<>();
    private volatile boolean gone;

    public FakeTwilio(String line) {
        account = new TwilioAccount(line);
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
        return EnumSet.of(
                Feature.MEDIA,
                Feature.HEARS_TAPBACKS,
                Feature.DELIVERED,
                Feature.SMS,
                Feature.FINDS_SENDS,
                Feature.CATCHES_UP,
                Feature.REMOTE);
    }

    @Override
    public List<String> secrets() {
        return List.of(AUTH_TOKEN, "/hooks/");
    }

    @Override
    public void next(Trouble trouble) {
        account.troubles.add(trouble);
    }

    /// The next send is not done, and answered so.
    public final void nextAnswer(int status, String json) {
        account.scripted.add(new TwilioAccount.Scripted(status, json));
    }

    /// From now on it signs with this token.
    public final void signsWith(String token) {
        account.signingToken = token;
    }

    /// From now on it signs with this shared key, and by the newer algorithm.
    public final void signsWithSharedKey(String key) {
        account.signingToken = key;
        account.signingAlgorithm = "HmacSHA256";
    }

    /// From now on an application gets what comes to the number, whatever address stands beside it.
    public final void gives(String applicationSid) {
        account.application = applicationSid;
    }

    /// The application that gets what comes to the number; empty when none does.
    public final String application() {
        return account.application;
    }

    /// Whether its calls wait for an answer until it speaks again.
    public final void keepsSilent(boolean silent) {
        account.silent(silent);
    }

    /// Whether somebody waits for it to speak.
    public final boolean wasAsked() {
        return account.asked;
    }

    /// Nobody pays for the account: Twilio says so in every text.
    public final void isTrial() {
        account.trial = true;
    }

    /// From now on `delivered` is told before `sent`.
    public final void scrambles() {
        account.scrambled = true;
    }

    /// From now on pictures are somewhere else, where no key is needed.
    public final void redirectsMedia() {
        account.redirects = true;
    }

    @Override
    public String writes(String text) {
        return says(text, List.of(), "");
    }

    /// Ann writes; `media` are content types of what she sends along, `optOut` is what Twilio reads in it, or empty.
    public final synchronized String says(String text, List<String> media, String optOut) {
        TwilioMessage message =
                new TwilioMessage(account.sid(), true, account.line, account.clock.instant(), text, media);
        if (gone) {
            unsaid.add(message);
        } else {
            arrive(message, account.line, optOut);
        }
        return message.sid;
    }

    @Override
    public synchronized boolean writesOddly(String text, Oddity oddity) {
        switch (oddity) {
            case TIME ->
                arrive(
                        new TwilioMessage(
                                account.sid(),
                                true,
                                account.line,
                                Instant.parse("9998-01-01T00:00:00Z"),
                                text,
                                List.of()),
                        account.line,
                        "");
            case KNOWN_ID -> {
                String known = account.messages.stream()
                        .filter(message -> message.inbound)
                        .toList()
                        .getLast()
                        .sid;
                account.tell(
                        account.smsUrl,
                        account.form(
                                new TwilioMessage(known, true, account.line, account.clock.instant(), text, List.of()),
                                ""));
            }
            case TYPE_OF_A_FILE -> says(text, List.of("Audio/MP4; codecs=mp4a"), "");
            case STYLE, SERVICE, SERVICE_IN_ODD_LETTERS -> {
                return false;
            }
        }
        return true;
    }

    /// Something posts with Twilio's signature what came from `sender`, who need not be a number.
    public final void receivesFrom(String sender, String text) {
        TwilioMessage message =
                new TwilioMessage(account.sid(), true, account.line, account.clock.instant(), text, List.of());
        Map<String, String> form = account.form(message, "");
        form.put("From", sender);
        account.tell(account.smsUrl, form);
    }

    /// Somebody writes to another number of the same messaging service.
    public final void otherNumber(String text) {
        account.tell(
                account.smsUrl,
                account.form(
                        new TwilioMessage(
                                account.sid(), true, "+12025550177", account.clock.instant(), text, List.of()),
                        ""));
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        String quote = "“" + account.message(providerId).body + "”";
        writes(removed ? "Removed " + REMOVED.get(reaction) + " from " + quote : WORDS.get(reaction) + " " + quote);
    }

    @Override
    public void types(boolean typing) {}

    @Override
    public void reads() {}

    @Override
    public void has(Service service) {}

    @Override
    public List<Bubble> bubbles() {
        return account.messages.stream()
                .filter(message -> !message.inbound)
                .map(message -> new Bubble(message.sid, message.body, null, !message.media.isEmpty(), Service.SMS))
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

    /// Where it posts what comes to the number.
    public final String smsUrl() {
        return account.smsUrl;
    }

    /// Somebody has it post what comes to the number elsewhere.
    public final void calls(String url) {
        account.smsUrl = url;
    }

    /// What our calls were answered, in order.
    public final List<Integer> answers() {
        return account.callbacks.answers();
    }

    /// Something happens to a send afterwards; `errorCode` is 0 for none.
    public final void becomes(String sid, String status, int errorCode) {
        TwilioMessage message = account.message(sid);
        message.errorCode = errorCode == 0 ? null : errorCode;
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
            arrive(unsaid.remove(), account.line, "");
        }
    }

    @Override
    public void close() {
        account.close();
    }

    private void arrive(TwilioMessage message, String to, String optOut) {
        account.messages.add(message);
        if (!account.application.isEmpty()) {
            return;
        }
        account.tell(account.smsUrl, account.form(message, optOut));
    }
}
