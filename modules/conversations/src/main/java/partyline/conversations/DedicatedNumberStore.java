package partyline.conversations;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Tx;

/// The `dedicated_number` table: a row for each line that ever was one agent's own number.
final class DedicatedNumberStore {

    /// How the API calls the number, and whose it is; empty until an agent had its handle.
    record Row(Id id, Optional<OrganizationId> organization) {}

    Optional<Row> find(Handle reader, String line) {
        return reader.createQuery("SELECT id, organization_id FROM dedicated_number WHERE line = :line")
                .bind("line", line)
                .map((row, _) -> new Row(
                        Id.parse(row.getString("id")),
                        Optional.ofNullable(row.getString("organization_id")).map(OrganizationId::new)))
                .findOne();
    }

    /// Gives the line's number this id, unless it has one as the number of the same agent.
    void name(Tx tx, String line, Id id, partyline.identities.Handle agent) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO dedicated_number (line, id, handle) VALUES (:line, :id, :handle)
                            ON CONFLICT (line) DO UPDATE
                           SET id = excluded.id, handle = excluded.handle, organization_id = NULL
                         WHERE dedicated_number.handle <> excluded.handle
                        """)
                .bind("line", line)
                .bind("id", id.text())
                .bind("handle", agent.text())
                .execute();
    }

    /// Makes it this organization's, unless it is one's already.
    void claim(Tx tx, String line, OrganizationId organization) {
        tx.handle()
                .createUpdate("""
                        UPDATE dedicated_number SET organization_id = :organization
                         WHERE line = :line AND organization_id IS NULL
                        """)
                .bind("line", line)
                .bind("organization", organization.text())
                .execute();
    }
}
