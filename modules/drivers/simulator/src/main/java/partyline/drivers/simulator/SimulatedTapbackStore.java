package partyline.drivers.simulator;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `sim_tapback` table.
final class SimulatedTapbackStore {

    /// Sets a tapback, in the place of an earlier one by the same side.
    void set(Tx tx, SimulatedTapback tapback, Instant at) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO sim_tapback (bubble, part_index, mine, reaction, custom_emoji, at)
                        VALUES (:bubble, :partIndex, :mine, :reaction, :customEmoji, :at)
                        ON CONFLICT (bubble, part_index, mine) DO UPDATE
                           SET reaction = excluded.reaction, custom_emoji = excluded.custom_emoji, at = excluded.at
                        """)
                .bind("bubble", tapback.bubble())
                .bind("partIndex", tapback.partIndex())
                .bind("mine", tapback.mine())
                .bind("reaction", tapback.reaction())
                .bind("customEmoji", tapback.customEmoji())
                .bind("at", Timestamps.micros(at))
                .execute();
    }

    /// Takes one side's tapback away and returns it, if there was one.
    Optional<SimulatedTapback> remove(Tx tx, String bubble, int partIndex, boolean mine) {
        return tx.handle()
                .createQuery("""
                        DELETE FROM sim_tapback
                         WHERE bubble = :bubble AND part_index = :partIndex AND mine = :mine
                        RETURNING bubble, part_index, mine, reaction, custom_emoji
                        """)
                .bind("bubble", bubble)
                .bind("partIndex", partIndex)
                .bind("mine", mine)
                .map((row, _) -> tapback(row))
                .findOne();
    }

    /// All tapbacks that a person's phone shows, oldest first, by bubble.
    Map<String, List<SimulatedTapback>> all(Handle handle, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT t.bubble, t.part_index, t.mine, t.reaction, t.custom_emoji
                          FROM sim_bubble b JOIN sim_tapback t ON t.bubble = b.id
                         WHERE b.person = :person AND b.position IS NOT NULL
                         ORDER BY t.at, t.part_index, t.mine
                        """).bind("person", person.text()).map((row, _) -> tapback(row)).list().stream()
                .collect(Collectors.groupingBy(SimulatedTapback::bubble));
    }

    private static SimulatedTapback tapback(ResultSet row) throws SQLException {
        return new SimulatedTapback(
                row.getString("bubble"),
                row.getInt("part_index"),
                row.getBoolean("mine"),
                row.getString("reaction"),
                row.getString("custom_emoji"));
    }
}
