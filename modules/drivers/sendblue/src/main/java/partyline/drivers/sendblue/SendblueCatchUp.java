package partyline.drivers.sendblue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.drivers.RefusedCalls;
import partyline.kernel.Timestamps;
import partyline.transport.LineSetup;

/// Reads from Sendblue's list what its calls did not tell: they get lost, and none come while this server is down.
final class SendblueCatchUp {

    private static final String READ_UNTIL = "sendblue_read_until";
    private static final int PAGE = 100;
    /// What Sendblue showed in the last minute before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    /// What bears a later date than this from now would hide all that comes until then.
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final LineSetup setup;
    private final SendblueClient calls;
    private final RefusedCalls refused;
    private final SendblueInboundTranslator news;

    SendblueCatchUp(
            LineSetup setup, SendblueConnection connection, RefusedCalls refused, SendblueInboundTranslator news) {
        this.refused = refused;
        this.setup = setup;
        this.calls = connection.calls();
        this.news = news;
    }

    /// Reads what changed since the last time. What is known already changes nothing.
    void run() {
        Instant from = readUntil();
        Instant newest = from;
        Instant latest = setup.around().clock().instant().plus(CLOCKS_DIFFER);
        List<SendblueProviderMessage> page;
        int offset = 0;
        do {
            Optional<List<SendblueProviderMessage>> listed = calls.messages(Map.of(
                    "sendblue_number", setup.line().number().text(),
                    "updated_at_gte", Timestamps.iso(from.minus(OVERLAP)),
                    "order_by", "updatedAt",
                    "order_direction", "asc",
                    "limit", String.valueOf(PAGE),
                    "offset", String.valueOf(offset)));
            if (listed.isEmpty()) {
                return;
            }
            page = listed.get();
            for (SendblueProviderMessage told : page) {
                bring(told);
                newest = told.times()
                        .updated()
                        .filter(newest::isBefore)
                        .filter(latest::isAfter)
                        .orElse(newest);
            }
            offset += PAGE;
        } while (page.size() == PAGE);
        if (newest.isAfter(from)) {
            setup.around().memory().keep(setup.line(), READ_UNTIL, newest.toString());
        }
    }

    /// Sends that others made on this number, on Sendblue's own pages for one, are none of our business.
    private void bring(SendblueProviderMessage told) {
        refused.listed(told.handle());
        if (!told.outbound()) {
            news.received(told);
        } else if (setup.around().memory().isSent(setup.line(), told.handle())) {
            news.progress(told);
        }
    }

    /// The first run begins now: what was written before somebody connected this line is not for us.
    private Instant readUntil() {
        Optional<String> kept = setup.around().memory().recall(setup.line(), READ_UNTIL);
        if (kept.isEmpty()) {
            Instant now = setup.around().clock().instant();
            setup.around().memory().keep(setup.line(), READ_UNTIL, now.toString());
            return now;
        }
        return Instant.parse(kept.get());
    }
}
