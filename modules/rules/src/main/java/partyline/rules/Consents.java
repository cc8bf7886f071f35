package partyline.rules;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// What people said about being texted at all: the `consent` and `line_stop` tables (who told the router, or an agent's
/// own number, to stop; each known by a keyed hash of the number alone) and the `consent_change` table (what each
/// organization may know of it).
///
/// What was said to the router is known to every organization that the person was ever connected with, each by a change
/// of its own, so that none learns of another. Thread-safe: it holds no state of its own.
public final class Consents {

    /// A person stopped an organization's agents from texting them, or let them again: who, when, and with
    /// which words. Without an `identity` it concerns all of them.
    public record Change(
            Id id,
            OrganizationId organization,
            PhoneNumber person,
            Optional<Id> identity,
            boolean stopped,
            String words,
            Instant at) {

        /// Whether the person said it to the router; else they said it in an agent's own thread.
        public boolean onRouter() {
            return identity.isEmpty();
        }
    }

    private static final int MOST_LOOKED_AT = 1_000;

    private final Database database;
    private final ServerKey key;

    /// `key` is what those who stopped are recognized by.
    public Consents(Database database, ServerKey key) {
        this.database = database;
        this.key = key;
    }

    /// What is kept about a person, but for the marks that they told the router, or an agent's own number, to stop:
    /// these name nobody, and must outlive them.
    public static List<PersonalTable> personalTables() {
        return List.of(PersonalTable.deleted("consent_change", "person = :person"));
    }

    /// Stands for somebody who has no number, where what they have in its place must not be kept.
    public String fingerprint(String address) {
        return key.fingerprint("address", address);
    }

    /// Whether the person told the router, or this line, to stop and nothing since.
    public boolean isStopped(Handle handle, PhoneNumber person, String line) {
        return isStoppedOn(handle, person, line) || stoppedAt(handle, person).isPresent();
    }

    /// The changes that the caller sees, newest first; those of one `person` alone, if that is given.
    public List<Change> list(Caller caller, Optional<PhoneNumber> person, int limit, int offset) {
        return database.read(handle -> list(handle, caller, person, limit, offset));
    }

    /// Since when the person wants no texts of the caller's agents, or of `identity` alone, as far as the caller was
    /// told;
    /// empty when they never said so, or let it go on since.
    public Optional<Instant> stoppedAt(Caller caller, Optional<Id> identity, PhoneNumber person) {
        return list(caller, Optional.of(person), MOST_LOOKED_AT, 0).stream()
                .filter(change -> change.onRouter() || change.identity().equals(identity))
                .findFirst()
                .filter(Change::stopped)
                .map(Change::at);
    }

    /// Since when the person wants no texts; empty when they did not tell the router so, or let it go on since.
    public Optional<Instant> stoppedAt(Handle handle, PhoneNumber person) {
        return handle.createQuery("SELECT stopped_at FROM consent WHERE person_hash = :hash")
                .bind("hash", hash(person))
                .map((row, _) -> Timestamps.instant(row.getLong("stopped_at")))
                .findOne();
    }

    /// The person told the router to stop; false when they had before.
    public boolean stop(Tx tx, PhoneNumber person, Instant at) {
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

    /// The person lets the router go on; false when they had not stopped.
    public boolean start(Tx tx, PhoneNumber person) {
        return tx.handle()
                        .createUpdate("DELETE FROM consent WHERE person_hash = :hash")
                        .bind("hash", hash(person))
                        .execute()
                == 1;
    }

    /// Whether the person told `line`, an agent's own number, to stop.
    public boolean isStoppedOn(Handle handle, PhoneNumber person, String line) {
        return handle.createQuery("SELECT count(*) FROM line_stop WHERE line = :line AND person_hash = :hash")
                .bind("line", line)
                .bind("hash", hash(person))
                .mapTo(boolean.class)
                .one();
    }

    /// The ids of the lines, agents' own numbers, that the person told to stop and nothing since.
    public List<String> stoppedLines(Handle handle, PhoneNumber person) {
        return handle.createQuery("SELECT line FROM line_stop WHERE person_hash = :hash ORDER BY line")
                .bind("hash", hash(person))
                .mapTo(String.class)
                .list();
    }

    /// The person told `line`, an agent's own number, to stop; false when they had before.
    public boolean stop(Tx tx, PhoneNumber person, String line, Instant at) {
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

    /// The person lets `line` go on; false when they had not stopped it.
    public boolean start(Tx tx, PhoneNumber person, String line) {
        return tx.handle()
                        .createUpdate("DELETE FROM line_stop WHERE line = :line AND person_hash = :hash")
                        .bind("line", line)
                        .bind("hash", hash(person))
                        .execute()
                == 1;
    }

    /// Tells an organization of a change.
    public void insert(Tx tx, Change change) {
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

    private static List<Change> list(
            Handle handle, Caller caller, Optional<PhoneNumber> person, int limit, int offset) {
        return handle.createQuery("""
                        SELECT id, organization_id, person, identity_id, stopped, words, at
                          FROM consent_change
                         WHERE organization_id = :organization AND (:own IS NULL OR identity_id = :own)
                           AND (:person IS NULL OR person = :person)
                         ORDER BY id DESC LIMIT :limit OFFSET :offset
                        """)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("person", person.map(PhoneNumber::text).orElse(null))
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, _) -> change(row))
                .list();
    }

    private String hash(PhoneNumber person) {
        return key.fingerprint("consent", person.text());
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                new PhoneNumber(row.getString("person")),
                Optional.ofNullable(row.getString("identity_id")).map(Id::parse),
                row.getBoolean("stopped"),
                row.getString("words"),
                Timestamps.instant(row.getLong("at")));
    }
}
