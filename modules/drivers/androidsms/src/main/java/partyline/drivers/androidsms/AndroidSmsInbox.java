package partyline.drivers.androidsms;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import partyline.drivers.Bookmark;
import partyline.drivers.Cache;
import partyline.drivers.InboundTranslator;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Progress;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;

/// Reads what the app has: what people sent, and how far got what we had sent.
///
/// The app sorts what came by the time that the carrier stamped it with, and a text to a phone that was
/// off has the stamp of hours ago; some carriers' stamps are hours off anyway. So a look at the last
/// minutes, which is quick, is followed by one at the last days now and then. Thread-safe.
final class AndroidSmsInbox {

    private static final Duration RECENT = Duration.ofMinutes(15);
    /// The server's inbox knows repeats for seven days.
    private static final Duration WHOLE = Duration.ofDays(6);
    private static final Duration WHOLE_EVERY = Duration.ofMinutes(5);
    private static final Duration UNSEEN = Duration.ofMinutes(30);
    /// A carrier that has not delivered by then has given up.
    private static final Duration RECEIPTS = Duration.ofDays(3);
    /// Stamps are whole seconds, of another clock than ours.
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final Instant FOREVER = Instant.parse("9999-01-01T00:00:00Z");
    private static final int REMEMBERED = 10_000;

    private final LineSetup setup;
    private final AndroidSmsClient client;
    private final AndroidSmsPeople people;
    private final Optional<Integer> sim;
    private final Bookmark begin;
    private final Bookmark lookedAt;
    /// What was taken already, by its id.
    private final Map<String, Boolean> taken = Cache.newest(REMEMBERED);
    /// What was last told of each of ours.
    private final Map<String, Progress> told = Cache.newest(REMEMBERED);

    private Optional<Instant> whole = Optional.empty();
    private Optional<Instant> receipts = Optional.empty();
    private boolean present;

    /// `chosen` says which SIM is meant, where there are several.
    AndroidSmsInbox(LineSetup setup, AndroidSmsClient client, AndroidSmsSettings.Chosen chosen) {
        this.setup = setup;
        this.client = client;
        this.people = new AndroidSmsPeople(chosen.country());
        this.sim = chosen.sim();
        this.begin = new Bookmark(setup, "androidsms_begin");
        this.lookedAt = new Bookmark(setup, "androidsms_looked_at");
    }

    /// Takes what people sent since the last look; the answer that was none, if there was one. What came
    /// before the line was first used is not for us.
    synchronized Optional<Reply> received(InboundTranslator translator) {
        Instant now = setup.now();
        Instant first = begin.at().minus(CLOCKS_DIFFER);
        boolean all = whole.filter(at -> at.plus(WHOLE_EVERY).isAfter(now)).isEmpty();
        Instant far = min(now.minus(WHOLE), lookedAt.at());
        Instant from = max(first, all ? far : now.minus(RECENT));
        if (all || !present) {
            // What the app slept through is not in its list. Without its permission to read SMS that stays so. The
            // app logs each text that it looks at, so that an absence that nobody saw is taken for a short one.
            client.refresh(present ? max(first, now.minus(UNSEEN)) : from, now);
        }
        AndroidSmsClient.Listed listed = client.inbox(from, FOREVER);
        present = listed.trouble().isEmpty();
        if (!present) {
            return listed.trouble();
        }
        listed.items().reversed().forEach(json -> take(json, translator));
        if (all) {
            whole = Optional.of(now);
            lookedAt.pass(now);
            lookedAt.keep();
        }
        return Optional.empty();
    }

    /// Tells how far got what we had sent; the answer that was none, if there was one.
    synchronized Optional<Reply> receipts(InboundTranslator translator) {
        Instant now = setup.now();
        boolean all = receipts.filter(at -> at.plus(WHOLE_EVERY).isAfter(now)).isEmpty();
        AndroidSmsClient.Listed listed = client.messages(now.minus(RECEIPTS), all);
        listed.items().forEach(json -> {
            String id = json.path("id").asString("");
            Progress progress = AndroidSmsMessages.progress(json);
            if (progress.kind().isPresent() && !progress.equals(told.get(id)) && progress(id, progress, translator)) {
                told.put(id, progress);
            }
        });
        receipts = all && listed.trouble().isEmpty() ? Optional.of(now) : receipts;
        return listed.trouble();
    }

    /// Tells how far something got; false when it is not of this line, for all we know yet: the phone may
    /// have another line's SIM, and the answer to a send may be under way.
    boolean progress(String id, Progress progress, InboundTranslator translator) {
        boolean ours = setup.around().memory().isSent(setup.line(), id);
        if (ours) {
            translator.progress(id, progress, Optional.empty());
        }
        return ours;
    }

    private void take(JsonNode json, InboundTranslator translator) {
        AndroidSmsMessages.listed(json, people).ifPresent(message -> take(message, json, translator));
    }

    boolean isTaken(String id) {
        return taken.containsKey(id);
    }

    /// Takes what somebody sent, once; `told` names the SIM.
    void take(ServiceMessage message, JsonNode told, InboundTranslator translator) {
        if (isTaken(message.id())) {
            return;
        }
        int other = told.path("simNumber").asInt(0);
        if (other > 0 && sim.filter(it -> it != other).isPresent()) {
            translator.dropped("other_number");
        } else {
            translator.received(message);
        }
        taken.put(message.id(), true);
    }

    private static Instant min(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
