package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
        return Rows.first(
                tx.handle(),
                """
                SELECT count(*), min(created_at) AS oldest FROM message
                 WHERE identity_no = <identity> AND outbound = 1 AND created_at > ?
                """.replace("<identity>", Symbols.of("?")),
                row -> {
                    Instant resetAt = Timestamps.read(row, "oldest").orElse(now).plus(WINDOW);
                    int left = Math.max(0, limit - row.getInt(1));
                    return new Allowance(limit, left, resetAt, Duration.between(now, resetAt));
                },
                identity.text(),
                Timestamps.micros(now.minus(WINDOW)));
    }
}
