package partyline.identities;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import partyline.identities.ApiKeys.Known;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `api_key` table.
final class ApiKeyStore {

    private static final String SELECT = """
            SELECT id, organization_id, identity_id, last4, label, description, last_used_at, expires_at,
                   revoked_at, created_at, updated_at
              FROM api_key
            """;

    Optional<Known> known(Handle handle, String id) {
        return handle.createQuery("""
                SELECT k.id, k.organization_id, k.identity_id, k.hash, k.expires_at, o.operator
                  FROM api_key k JOIN organization o ON o.id = k.organization_id
                 WHERE k.id = :id AND k.revoked_at IS NULL
                """)
                .bind("id", id)
                .map((row, _) -> new Known(row.getString("hash"), caller(row), Timestamps.read(row, "expires_at")))
                .findOne();
    }

    Optional<ApiKey> find(Handle handle, String id) {
        return handle.createQuery(SELECT + " WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> key(row))
                .findOne();
    }

    /// The keys of the caller's organization, for a scoped key those of its identity; newest first.
    List<ApiKey> list(Handle handle, Caller caller, int limit, int offset) {
        return handle.createQuery(SELECT + """
                 WHERE organization_id = :organization AND (:identity IS NULL OR identity_id = :identity)
                ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset
                """)
                .bind("organization", caller.organization().text())
                .bind("identity", caller.identityOrNull())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, _) -> key(row))
                .list();
    }

    /// The admin keys of every organization, oldest first.
    List<ApiKey> admins(Handle handle) {
        return handle.createQuery(SELECT + " WHERE identity_id IS NULL ORDER BY organization_id, created_at, id")
                .map((row, _) -> key(row))
                .list();
    }

    /// How many unrevoked keys the identities of the organization have.
    int count(Tx tx, OrganizationId organization) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM api_key WHERE organization_id = :organization"
                        + " AND revoked_at IS NULL AND identity_id IS NOT NULL")
                .bind("organization", organization.text())
                .mapTo(Integer.class)
                .one();
    }

    void insert(Tx tx, ApiKey key, String hash) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO api_key (id, organization_id, identity_id, hash, last4, label, description,
                                             expires_at, created_at, updated_at)
                        VALUES (:id, :organization, :identity, :hash, :last4, :label, :description,
                                :expiresAt, :at, :at)
                        """)
                .bind("id", key.id())
                .bind("organization", key.organization().text())
                .bind("identity", key.identity().map(Id::text).orElse(null))
                .bind("hash", hash)
                .bind("last4", key.last4())
                .bind("label", key.label())
                .bind("description", key.description())
                .bind("expiresAt", key.expiresAt().map(Timestamps::micros).orElse(null))
                .bind("at", Timestamps.micros(key.createdAt()))
                .execute();
    }

    /// Notes each key's last use; a key that is gone meanwhile is left out.
    void used(Tx tx, Map<String, Instant> uses) {
        PreparedBatch batch = tx.handle().prepareBatch("UPDATE api_key SET last_used_at = :at WHERE id = :id");
        uses.forEach((id, at) ->
                batch.bind("id", id).bind("at", Timestamps.micros(at)).add());
        batch.execute();
    }

    /// Revokes one key; one that is revoked already keeps its time.
    void revoke(Tx tx, String id, Instant at) {
        tx.handle()
                .createUpdate("UPDATE api_key SET revoked_at = :at, updated_at = :at"
                        + " WHERE id = :id AND revoked_at IS NULL")
                .bind("id", id)
                .bind("at", Timestamps.micros(at))
                .execute();
    }

    void delete(Tx tx, String id) {
        tx.handle().execute("DELETE FROM api_key WHERE id = ?", id);
    }

    List<String> revoke(Tx tx, Id identity, Optional<String> label, Instant at) {
        return tx.handle()
                .createQuery("""
                        UPDATE api_key SET revoked_at = :at, updated_at = :at
                         WHERE identity_id = :identity AND revoked_at IS NULL AND (:label IS NULL OR label = :label)
                        RETURNING id
                        """)
                .bind("identity", identity.text())
                .bind("label", label.orElse(null))
                .bind("at", Timestamps.micros(at))
                .mapTo(String.class)
                .list();
    }

    /// Revokes the admin keys of an organization that carry the label, and returns their ids.
    List<String> revokeAdmins(Tx tx, OrganizationId organization, String label, Instant at) {
        return tx.handle()
                .createQuery("""
                        UPDATE api_key SET revoked_at = :at, updated_at = :at
                         WHERE organization_id = :organization AND identity_id IS NULL AND label = :label
                           AND revoked_at IS NULL
                        RETURNING id
                        """)
                .bind("organization", organization.text())
                .bind("label", label)
                .bind("at", Timestamps.micros(at))
                .mapTo(String.class)
                .list();
    }

    private static Caller caller(ResultSet row) throws SQLException {
        return new Caller(
                new OrganizationId(row.getString("organization_id")),
                identity(row),
                row.getBoolean("operator"),
                row.getString("id"));
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                new OrganizationId(row.getString("organization_id")),
                identity(row),
                row.getString("last4"),
                row.getString("label"),
                row.getString("description"),
                Timestamps.read(row, "last_used_at"),
                Timestamps.read(row, "expires_at"),
                Timestamps.read(row, "revoked_at"),
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }

    private static Optional<Id> identity(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("identity_id")).map(Id::parse);
    }
}
