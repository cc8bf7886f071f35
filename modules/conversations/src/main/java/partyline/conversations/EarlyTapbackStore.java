package partyline.conversations;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import partyline.conversations.Tapback.Reaction;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent.TapbackReceived;

/// The `early_tapback` table: what people did to bubbles that no message is known for yet.
final class EarlyTapbackStore {

    /// One change by a person: a reaction set, or taken away.
    record Change(PhoneNumber person, Reaction reaction, boolean removed) {

        static Change of(TapbackReceived event) {
            Reaction reaction = new Reaction(event.reaction(), event.customEmoji(), event.partIndex());
            return new Change(event.from(), reaction, event.removed());
        }
    }

    void park(Tx tx, TapbackReceived event, Instant now) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO early_tapback
                               (line, provider_id, person, reaction, custom_emoji, part_index, removed, parked_at)
                        VALUES (:line, :provider, :person, :reaction, :emoji, :part, :removed, :now)
                        """)
                .bind("line", event.line())
                .bind("provider", event.targetProviderId())
                .bind("person", event.from().text())
                .bind("reaction", event.reaction())
                .bind("emoji", event.customEmoji())
                .bind("part", event.partIndex())
                .bind("removed", event.removed())
                .bind("now", Timestamps.micros(now))
                .execute();
    }

    /// Removes what was done to one bubble and returns it, oldest first.
    List<Change> take(Tx tx, String line, String providerId) {
        List<Change> changes = tx.handle()
                .createQuery("""
                        SELECT person, reaction, custom_emoji, part_index, removed FROM early_tapback
                         WHERE line = :line AND provider_id = :provider ORDER BY id
                        """)
                .bind("line", line)
                .bind("provider", providerId)
                .map((row, _) -> new Change(
                        new PhoneNumber(row.getString("person")),
                        new Reaction(
                                row.getString("reaction"), row.getString("custom_emoji"), row.getInt("part_index")),
                        row.getBoolean("removed")))
                .list();
        if (!changes.isEmpty()) {
            tx.run("DELETE FROM early_tapback WHERE line = ? AND provider_id = ?", line, providerId);
        }
        return changes;
    }

    boolean isAny(Handle handle, Instant olderThan) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM early_tapback WHERE parked_at < :oldest)")
                .bind("oldest", Timestamps.micros(olderThan))
                .mapTo(boolean.class)
                .one();
    }

    void prune(Tx tx, Instant olderThan) {
        tx.handle().execute("DELETE FROM early_tapback WHERE parked_at < ?", Timestamps.micros(olderThan));
    }
}
