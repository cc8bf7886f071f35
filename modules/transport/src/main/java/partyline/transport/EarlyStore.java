package partyline.transport;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent.TapbackReceived;

/// The `transport_early` table: receipts and tapbacks about what nobody knows yet by the id that they name.
final class EarlyStore {

    /// Whether anything may be parked for this line.
    private record Parked(String line) {}

    /// The same receipt twice is parked once.
    void park(Tx tx, Receipt receipt, Instant now) {
        String kind = receipt.kind().name().toLowerCase(Locale.ROOT);
        boolean parked = Rows.exist(
                tx.handle(),
                "SELECT 1 FROM transport_early WHERE line = ? AND provider_id = ? AND kind = ?",
                receipt.line(),
                receipt.providerId(),
                kind);
        if (!parked) {
            insert(tx, receipt.line(), receipt.providerId(), null, kind, EventJson.write(receipt), now);
        }
    }

    void park(Tx tx, TapbackReceived tapback, Instant now) {
        String person = tapback.from().text();
        insert(tx, tapback.line(), tapback.targetProviderId(), person, "tapback", EventJson.write(tapback), now);
    }

    private static void insert(
            Tx tx, String line, String about, @Nullable String person, String kind, String json, Instant now) {
        if (!isAny(tx, line)) {
            tx.forget(Parked.class);
        }
        tx.run("""
                INSERT INTO transport_early (line, provider_id, person, kind, what, parked_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """, line, about, person, kind, json, Timestamps.micros(now));
    }

    /// Removes what is about one provider id and returns it in the order in which it came.
    List<OutgoingQueue.Early> take(Tx tx, String line, String providerId) {
        if (!isAny(tx, line)) {
            return List.of();
        }
        List<OutgoingQueue.Early> early = Rows.list(
                tx.handle(),
                "SELECT kind, what FROM transport_early WHERE line = ? AND provider_id = ? ORDER BY id",
                row -> row.getString(1).equals("tapback")
                        ? (TapbackReceived) EventJson.read(row.getString(2))
                        : EventJson.receipt(row.getString(2)),
                line,
                providerId);
        if (!early.isEmpty()) {
            tx.run("DELETE FROM transport_early WHERE line = ? AND provider_id = ?", line, providerId);
        }
        return early;
    }

    /// Lines whose receipts do not overtake the answer need not be looked through for every send.
    private static boolean isAny(Tx tx, String line) {
        return tx.remembered(
                new Parked(line),
                () -> Rows.exist(tx.handle(), "SELECT 1 FROM transport_early WHERE line = ? LIMIT 1", line));
    }

    void prune(Tx tx, Instant olderThan) {
        tx.forget(Parked.class);
        tx.run("DELETE FROM transport_early WHERE parked_at < ?", Timestamps.micros(olderThan));
    }
}
