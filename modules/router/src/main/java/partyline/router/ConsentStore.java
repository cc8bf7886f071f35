package partyline.router;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.ServerKey;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `consent` and `line_stop` tables (who told the router, or an agent's own number, to stop; each known
/// by a keyed hash of the number alone) and the `consent_change` table (what each organization may know of
/// it).
final class ConsentStore {

    private final ServerKey key;

    ConsentStore(ServerKey key) {
        this.key = key;
    }

    /// When the person told the router to stop; empty when they did not, or let it go on since.
    Optional<Instant> stoppedAt(Handle handle, PhoneNumber person) {
        return handle.createQuery("SELECT stopped_at FROM consent WHERE person_hash = :hash")
                .bind("hash", hash(person))
                .map((row, _) -> Timestamps.instant(row.getLong("stopped_at")))
                .findOne();
    }

    /// False when the person had stopped before.
    boolean stop(Tx tx, PhoneNumber person, Instant at) {
        return tx.handle()
                        .createUpdate("""
                                INSERT INTO consent (person_hash, stopped_at) VALUES (:hash, :at)
                                ON CONFLICT (person_hash) DO NOTHING
                                """)
                        .bind("hash", hash(person))
                        .bind("at", Timestamps.micros(at))
                        .execute()
                == 1;
    }

    /// False when the person had not stopped.
    boolean start(Tx tx, PhoneNumber person) {
        return tx.handle()
                        .createUpdate("DELETE FROM consent WHERE person_hash = :hash")
                        .bind("hash", hash(person))
                        .execute()
                == 1;
    }

    /// Whether the person told `line`, an agent's own number, to stop.
    boolean isStopped(Handle handle, PhoneNumber person, String line) {
        return handle.createQuery("SELECT count(*) FROM line_stop WHERE line = :line AND person_hash = :hash")
                .bind("line", line)
                .bind("hash", hash(person))
                .mapTo(boolean.class)
                .one();
    }

    List<String> stoppedLines(Handle handle, PhoneNumber person) {
        return handle.createQuery("SELECT line FROM line_stop WHERE person_hash = :hash ORDER BY line")
                .bind("hash", hash(person))
                .mapTo(String.class)
                .list();
    }

    /// False when the person had told it before.
    boolean stop(Tx tx, PhoneNumber person, String line, Instant at) {
        return tx.handle()
                        .createUpdate("""
                                INSERT INTO line_stop (line, person_hash, stopped_at) VALUES (:line, :hash, :at)
                                ON CONFLICT (line, person_hash) DO NOTHING
                                """)
                        .bind("line", line)
                        .bind("hash", hash(person))
                        .bind("at", Timestamps.micros(at))
                        .execute()
                == 1;
    }

    /// False when the person had not told it.
    boolean start(Tx tx, PhoneNumber person, String line) {
        return tx.handle()
                        .createUpdate("DELETE FROM line_stop WHERE line = :line AND person_hash = :hash")
                        .bind("line", line)
                        .bind("hash", hash(person))
                        .execute()
                == 1;
    }

    void insert(Tx tx, ConsentChange change) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO consent_change (id, organization_id, person, identity_id, stopped, words, at)
                        VALUES (:id, :organization, :person, :identity, :stopped, :words, :at)
                        """)
                .bind("id", change.id().text())
                .bind("organization", change.organization().text())
                .bind("person", change.person().text())
                .bind("identity", change.identity().map(Id::text).orElse(null))
                .bind("stopped", change.stopped())
                .bind("words", change.words())
                .bind("at", Timestamps.micros(change.at()))
                .execute();
    }

    List<ConsentChange> list(Handle handle, Caller caller, int limit, int offset) {
        return handle.createQuery("""
                        SELECT id, organization_id, person, identity_id, stopped, words, at
                          FROM consent_change
                         WHERE organization_id = :organization AND (:own IS NULL OR identity_id = :own)
                         ORDER BY id DESC LIMIT :limit OFFSET :offset
                        """)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, _) -> change(row))
                .list();
    }

    private String hash(PhoneNumber person) {
        return key.fingerprint("consent", person.text());
    }

    private static ConsentChange change(ResultSet row) throws SQLException {
        return new ConsentChange(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                new PhoneNumber(row.getString("person")),
                Optional.ofNullable(row.getString("identity_id")).map(Id::parse),
                row.getBoolean("stopped"),
                row.getString("words"),
                Timestamps.instant(row.getLong("at")));
    }
}
