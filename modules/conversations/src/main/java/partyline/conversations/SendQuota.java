package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.conversations.SendOutcome.Allowance;
import partyline.kernel.Id;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The cap on sends: how many an identity may have accepted in any 24 hours. Counted in the transaction that accepts
/// one, so it holds under any concurrency.
final class SendQuota {

    private static final Duration WINDOW = Duration.ofHours(24);

    /// The sends of the window, and when the oldest of them was accepted.
    private record Sends(int count, Optional<Instant> oldest) {}

    private static final String SENT = """
            SELECT count(*), min(created_at) FROM message
             WHERE identity_no = %s AND outbound = 1 AND created_at > ?
            """.formatted(Symbols.of("?"));

    private final int limit;

    /// `limit` 0 means none.
    SendQuota(int limit) {
        this.limit = limit;
    }

    /// What is left to the identity now; empty without a cap.
    Optional<Allowance> of(Tx tx, Id identity, Instant now) {
        if (limit == 0) {
            return Optional.empty();
        }
        Sends sends = sent(tx.handle(), identity, now);
        Instant resetAt = sends.oldest().orElse(now).plus(WINDOW);
        return Optional.of(
                new Allowance(limit, Math.max(0, limit - sends.count()), resetAt, Duration.between(now, resetAt)));
    }

    /// How much of the cap the identity has used.
    Conversations.Usage usage(Handle reader, Id identity, Instant now) {
        Sends sends = sent(reader, identity, now);
        Optional<Integer> cap = Optional.of(limit).filter(it -> it > 0);
        return new Conversations.Usage(
                sends.count(), cap, cap.flatMap(_ -> sends.oldest()).map(oldest -> oldest.plus(WINDOW)));
    }

    private static Sends sent(Handle reader, Id identity, Instant now) {
        long since = Timestamps.micros(now.minus(WINDOW));
        return Rows.first(reader, SENT, SendQuota::sends, identity.text(), since)
                .orElseThrow();
    }

    private static Sends sends(ResultSet row) throws SQLException {
        return new Sends(row.getInt(1), Timestamps.read(row, 2));
    }
}
