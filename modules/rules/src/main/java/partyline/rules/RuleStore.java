package partyline.rules;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `contact_rule` table: one row per identity and number.
final class RuleStore {

    private static final String SELECT = """
            SELECT id, organization_id, identity_id, number, action, paused, created_at, updated_at FROM contact_rule
            """;

    /// Which rule of the identity names the number.
    private record Naming(Id identity, PhoneNumber number) {}

    /// In a write transaction, remembered.
    Optional<Rule> find(Tx tx, Id identity, PhoneNumber number) {
        return tx.remembered(new Naming(identity, number), () -> find(tx.handle(), identity, number));
    }

    Optional<Rule> find(Handle handle, Id identity, PhoneNumber number) {
        return handle.createQuery(SELECT + "WHERE identity_id = :identity AND number = :number")
                .bind("identity", identity.text())
                .bind("number", number.text())
                .map((row, _) -> rule(row))
                .findOne();
    }

    Optional<Rule> find(Handle handle, Caller caller, Id identity, Id rule) {
        return handle.createQuery(SELECT + """
                 WHERE id = :id AND identity_id = :identity AND organization_id = :organization
                   AND (:own IS NULL OR identity_id = :own)
                """)
                .bind("id", rule.text())
                .bind("identity", identity.text())
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .map((row, _) -> rule(row))
                .findOne();
    }

    List<Rule> list(Handle handle, Caller caller, Rules.Filter filter) {
        return handle.createQuery(SELECT + """
                 WHERE organization_id = :organization AND (:own IS NULL OR identity_id = :own)
                   AND (:identity IS NULL OR identity_id = :identity) AND (:action IS NULL OR action = :action)
                 ORDER BY id DESC LIMIT :limit OFFSET :offset
                """)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("identity", filter.identity().map(Id::text).orElse(null))
                .bind("action", filter.action().map(Rule.Action::wire).orElse(null))
                .bind("limit", filter.limit())
                .bind("offset", filter.offset())
                .map((row, _) -> rule(row))
                .list();
    }

    /// How many rules the identity has, by the index of their numbers.
    int count(Tx tx, Id identity) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM contact_rule WHERE identity_id = :identity")
                .bind("identity", identity.text())
                .mapTo(Integer.class)
                .one();
    }

    void insert(Tx tx, Rule rule) {
        tx.forget(Naming.class);
        tx.handle()
                .createUpdate("""
                        INSERT INTO contact_rule (id, organization_id, identity_id, number, action, paused, created_at,
                                                  updated_at)
                        VALUES (:id, :organization, :identity, :number, :action, 0, :at, :at)
                        """)
                .bind("id", rule.id().text())
                .bind("organization", rule.organization().text())
                .bind("identity", rule.identity().text())
                .bind("number", rule.number().text())
                .bind("action", rule.action().wire())
                .bind("at", Timestamps.micros(rule.createdAt()))
                .execute();
    }

    void update(Tx tx, Rule rule) {
        tx.forget(Naming.class);
        tx.handle()
                .createUpdate(
                        "UPDATE contact_rule SET action = :action, paused = :paused, updated_at = :at WHERE id = :id")
                .bind("id", rule.id().text())
                .bind("action", rule.action().wire())
                .bind("paused", rule.paused())
                .bind("at", Timestamps.micros(rule.updatedAt()))
                .execute();
    }

    void delete(Tx tx, Rule rule) {
        tx.forget(Naming.class);
        tx.handle().execute("DELETE FROM contact_rule WHERE id = ?", rule.id().text());
    }

    void deleteAll(Tx tx, Id identity) {
        tx.forget(Naming.class);
        tx.handle().execute("DELETE FROM contact_rule WHERE identity_id = ?", identity.text());
    }

    private static Rule rule(ResultSet row) throws SQLException {
        return new Rule(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                Id.parse(row.getString("identity_id")),
                new PhoneNumber(row.getString("number")),
                Rule.Action.of(row.getString("action")),
                row.getBoolean("paused"),
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }
}
