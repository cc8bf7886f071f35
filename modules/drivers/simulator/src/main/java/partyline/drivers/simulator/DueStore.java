package partyline.drivers.simulator;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.transport.EventJson;
import partyline.transport.InboundEvent;
import partyline.transport.Receipt;

/// The `sim_due` table. A row stays until what it asks for is done, so a crash repeats it rather than losing it.
final class DueStore {

    private static final String NEWS = "news";

    void report(Tx tx, PhoneNumber person, Due.Report report) {
        String kind = report.kind().name().toLowerCase(Locale.ROOT);
        insert(tx, person, report.line(), report.providerId(), kind, report.failure(), report.dueAt());
    }

    void news(Tx tx, InboundEvent event, Instant dueAt) {
        String providerId = event.providerId();
        insert(tx, event.from(), event.line(), providerId, NEWS, EventJson.write(event), dueAt);
    }

    /// What comes next for this person. While the phone is offline only what the network alone knows does: that
    /// a text was sent, or failed.
    Optional<Due> next(Handle handle, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT d.id, d.line, d.provider_id, d.kind, d.event, d.due_at
                          FROM sim_due d LEFT JOIN sim_phone p ON p.number = d.person
                         WHERE d.person = :person AND (d.kind IN ('sent', 'failed') OR coalesce(p.online, 1) = 1)
                         ORDER BY d.due_at, d.id
                         LIMIT 1
                        """)
                .bind("person", person.text())
                .map((row, _) -> due(row))
                .findOne();
    }

    List<PhoneNumber> people(Handle handle) {
        return handle.createQuery("SELECT DISTINCT person FROM sim_due")
                .map((row, _) -> new PhoneNumber(row.getString("person")))
                .list();
    }

    /// Crosses off what was told, unless it is gone: its number may be another one's by now.
    void delete(Tx tx, PhoneNumber person, Due told) {
        tx.run(
                "DELETE FROM sim_due WHERE id = ? AND person = ? AND due_at = ?",
                told.id(),
                person.text(),
                Timestamps.micros(told.dueAt()));
    }

    /// Never before an earlier one of its kind: what one person sends keeps its order also when the clock steps back.
    private static void insert(
            Tx tx,
            PhoneNumber person,
            String line,
            String providerId,
            String kind,
            @Nullable String event,
            Instant dueAt) {
        tx.run("""
                INSERT INTO sim_due (person, kind, due_at, line, provider_id, event)
                SELECT ?1, ?2, coalesce(max(due_at), ?3), ?4, ?5, ?6
                  FROM sim_due
                 WHERE person = ?1 AND kind = ?2 AND due_at > ?3
                """, person.text(), kind, Timestamps.micros(dueAt), line, providerId, event);
    }

    private static Due due(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        Instant dueAt = Timestamps.instant(row.getLong("due_at"));
        String kind = row.getString("kind");
        if (kind.equals(NEWS)) {
            return new Due.News(id, dueAt, EventJson.read(row.getString("event")));
        }
        Receipt.Kind stage = Receipt.Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        return new Due.Report(
                id, dueAt, row.getString("line"), row.getString("provider_id"), stage, row.getString("event"));
    }
}
