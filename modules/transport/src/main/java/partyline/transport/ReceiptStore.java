package partyline.transport;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `transport_receipt` table: receipts that are parked.
final class ReceiptStore {

    /// The same receipt twice is parked once.
    void park(Tx tx, Receipt receipt, Instant now) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO transport_receipt
                               (line, provider_id, kind, at, failure_code, failure_detail, service, parked_at)
                        VALUES (:line, :providerId, :kind, :at, :code, :detail, :service, :now)
                        ON CONFLICT (line, provider_id, kind) DO NOTHING
                        """)
                .bind("line", receipt.line())
                .bind("providerId", receipt.providerId())
                .bind("kind", receipt.kind().name().toLowerCase(Locale.ROOT))
                .bind("at", Timestamps.micros(receipt.at()))
                .bind("code", receipt.failure().map(Receipt.Failure::code).orElse(null))
                .bind("detail", receipt.failure().map(Receipt.Failure::detail).orElse(null))
                .bind("service", receipt.service().map(Service::wire).orElse(null))
                .bind("now", Timestamps.micros(now))
                .execute();
    }

    /// Removes the receipts of one provider id and returns them in the order in which they came.
    List<Receipt> take(Tx tx, String line, String providerId) {
        List<Receipt> parked = Rows.list(tx.handle(), """
                SELECT line, provider_id, kind, at, failure_code, failure_detail, service FROM transport_receipt
                 WHERE line = ? AND provider_id = ? ORDER BY id
                """, ReceiptStore::receipt, line, providerId);
        if (!parked.isEmpty()) {
            tx.handle()
                    .createUpdate("DELETE FROM transport_receipt WHERE line = :line AND provider_id = :providerId")
                    .bind("line", line)
                    .bind("providerId", providerId)
                    .execute();
        }
        return parked;
    }

    void prune(Tx tx, Instant olderThan) {
        tx.handle()
                .createUpdate("DELETE FROM transport_receipt WHERE parked_at < :olderThan")
                .bind("olderThan", Timestamps.micros(olderThan))
                .execute();
    }

    private static Receipt receipt(ResultSet row) throws SQLException {
        return new Receipt(
                row.getString("line"),
                row.getString("provider_id"),
                Receipt.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                Timestamps.instant(row.getLong("at")),
                failure(row.getString("failure_code"), row.getString("failure_detail")),
                Optional.ofNullable(row.getString("service")).map(Service::of));
    }

    private static Optional<Receipt.Failure> failure(@Nullable String code, @Nullable String detail) {
        return code == null || detail == null ? Optional.empty() : Optional.of(new Receipt.Failure(code, detail));
    }
}
