package partyline.conversations;

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
    private record Sent(int count, Optional<Instant> oldest) {}

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
        Sent sent = sent(tx.handle(), identity, now);
        Instant resetAt = sent.oldest().orElse(now).plus(WINDOW);
        return Optional.of(
                new Allowance(limit, Math.max(0, limit - sent.count()), resetAt, Duration.between(now, resetAt)));
    }

    /// How much of the cap the identity has used.
    Conversations.Usage usage(Handle reader, Id identity, Instant now) {
        Sent sent = sent(reader, identity, now);
        Optional<Integer> cap = Optional.of(limit).filter(it -> it > 0);
        return new Conversations.Usage(
                sent.count(), cap, cap.flatMap(_ -> sent.oldest()).map(oldest -> oldest.plus(WINDOW)));
    }

    private static Sent sent(Handle reader, Id identity, Instant now) {
        return Rows.first(
                        reader,
                        """
                        SELECT count(*), min(created_at) FROM message
                         WHERE identity_no = <identity> AND outbound = 1 AND created_at > ?
                        """.replace("<identity>", Symbols.of("?")),
                        row -> new Sent(row.getInt(1), Timestamps.read(row, 2)),
                        identity.text(),
                        Timestamps.micros(now.minus(WINDOW)))
                .orElseThrow();
    }
}
