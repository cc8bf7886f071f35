package partyline.identities;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `identity` table. A deleted row stays, so that what it wrote keeps its author; its handle is kept for its
/// organization for a while, in `kept_handle`.
final class IdentityStore {

    /// Which identity has this id: answered also by when its signing key was made.
    record ById(Id id) {}

    private static final String SELECT = """
            SELECT i.id, i.organization_id, i.handle, i.display_name, i.description, i.contact_sharing, i.enabled,
                   i.phone_filter, i.phone_inbound_filter, i.phone_outbound_filter,
                   i.mail_filter, i.mail_inbound_filter, i.mail_outbound_filter,
                   i.created_at, i.updated_at, k.created_at AS signing_key_created_at
              FROM identity i LEFT JOIN signing_key k ON k.identity_id = i.id
             WHERE i.deleted_at IS NULL
            """;

    Optional<Identity> byHandle(org.jdbi.v3.core.Handle handle, Handle wanted) {
        return handle.createQuery(SELECT + " AND i.handle = :handle")
                .bind("handle", wanted.text())
                .map((row, _) -> identity(row))
                .findOne();
    }

    Optional<Identity> byId(org.jdbi.v3.core.Handle handle, Id id) {
        return handle.createQuery(SELECT + " AND i.id = :id")
                .bind("id", id.text())
                .map((row, _) -> identity(row))
                .findOne();
    }

    /// [#byId] in a write transaction, remembered.
    Optional<Identity> byId(Tx tx, Id id) {
        return tx.remembered(new ById(id), () -> byId(tx.handle(), id));
    }

    /// What it is called, or was when it was deleted.
    Optional<String> lastHandle(org.jdbi.v3.core.Handle handle, Id id) {
        return Rows.first(handle, "SELECT handle FROM identity WHERE id = ?", row -> row.getString(1), id.text());
    }

    List<Identity> list(org.jdbi.v3.core.Handle handle, Caller caller, int limit, int offset) {
        return handle.createQuery(SELECT + """
                  AND i.organization_id = :organization AND (:identity IS NULL OR i.id = :identity)
                ORDER BY i.id DESC LIMIT :limit OFFSET :offset
                """)
                .bind("organization", caller.organization().text())
                .bind("identity", caller.identityOrNull())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, _) -> identity(row))
                .list();
    }

    /// How many living identities the organization has.
    int count(Tx tx, OrganizationId organization) {
        return tx.handle()
                .createQuery(
                        "SELECT count(*) FROM identity WHERE organization_id = :organization AND deleted_at IS NULL")
                .bind("organization", organization.text())
                .mapTo(Integer.class)
                .one();
    }

    void insert(Tx tx, Identity identity) {
        tx.forget(ById.class);
        tx.handle()
                .createUpdate("""
                        INSERT INTO identity (id, organization_id, handle, display_name, description,
                                              contact_sharing, enabled,
                                              phone_filter, phone_inbound_filter, phone_outbound_filter,
                                              mail_filter, mail_inbound_filter, mail_outbound_filter,
                                              created_at, updated_at)
                        VALUES (:id, :organization, :handle, :displayName, :description, :contactSharing, :enabled,
                                :phone, :phoneInbound, :phoneOutbound, :mail, :mailInbound, :mailOutbound,
                                :createdAt, :createdAt)
                        """)
                .bind("id", identity.id().text())
                .bind("organization", identity.organization().text())
                .bind("createdAt", Timestamps.micros(identity.createdAt()))
                .bindMap(changeable(identity))
                .execute();
    }

    void update(Tx tx, Identity identity, Instant at) {
        tx.forget(ById.class);
        tx.handle()
                .createUpdate("""
                        UPDATE identity
                           SET handle = :handle, display_name = :displayName, description = :description,
                               contact_sharing = :contactSharing, enabled = :enabled,
                               phone_filter = :phone, phone_inbound_filter = :phoneInbound,
                               phone_outbound_filter = :phoneOutbound,
                               mail_filter = :mail, mail_inbound_filter = :mailInbound,
                               mail_outbound_filter = :mailOutbound, updated_at = :at
                         WHERE id = :id
                        """)
                .bind("id", identity.id().text())
                .bind("at", Timestamps.micros(at))
                .bindMap(changeable(identity))
                .execute();
    }

    void delete(Tx tx, Id id, Instant at) {
        tx.forget(ById.class);
        tx.handle().execute("DELETE FROM call_action WHERE identity_id = ?", id.text());
        tx.handle()
                .createUpdate("UPDATE identity SET deleted_at = :at, enabled = 0 WHERE id = :id")
                .bind("id", id.text())
                .bind("at", Timestamps.micros(at))
                .execute();
    }

    /// Whether the handle was given up by another organization, and is kept for it still.
    boolean isKeptFromOthers(Tx tx, Handle handle, OrganizationId organization, Instant now) {
        return tx.handle()
                .createQuery("""
                        SELECT count(*) FROM kept_handle
                         WHERE handle = :handle AND organization_id <> :organization AND kept_until > :now
                        """)
                .bind("handle", handle.text())
                .bind("organization", organization.text())
                .bind("now", Timestamps.micros(now))
                .mapTo(boolean.class)
                .one();
    }

    /// Keeps the identity's handle for its organization, and forgets those whose time is over.
    void keepHandle(Tx tx, Identity identity, Instant now, Instant until) {
        tx.handle().execute("DELETE FROM kept_handle WHERE kept_until <= ?", Timestamps.micros(now));
        tx.handle()
                .createUpdate("""
                        INSERT INTO kept_handle (handle, organization_id, kept_until)
                        VALUES (:handle, :organization, :until)
                            ON CONFLICT (handle) DO UPDATE
                           SET organization_id = excluded.organization_id, kept_until = excluded.kept_until
                        """)
                .bind("handle", identity.handle().text())
                .bind("organization", identity.organization().text())
                .bind("until", Timestamps.micros(until))
                .execute();
    }

    private static Map<String, @Nullable Object> changeable(Identity identity) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("handle", identity.handle().text());
        columns.put("displayName", identity.profile().displayName());
        columns.put("description", identity.profile().description());
        columns.put("contactSharing", identity.profile().contactSharing());
        columns.put("enabled", identity.enabled());
        modes(columns, "phone", identity.filterModes().phone());
        modes(columns, "mail", identity.filterModes().mail());
        return columns;
    }

    private static void modes(Map<String, @Nullable Object> columns, String channel, FilterModes.Channel modes) {
        columns.put(channel, modes.baseline().wire());
        columns.put(channel + "Inbound", modes.inbound().wire());
        columns.put(channel + "Outbound", modes.outbound().wire());
    }

    private static Identity identity(ResultSet row) throws SQLException {
        return new Identity(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                new Handle(row.getString("handle")),
                new Profile(
                        row.getString("display_name"), row.getString("description"), row.getBoolean("contact_sharing")),
                row.getBoolean("enabled"),
                new FilterModes(modes(row, "phone"), modes(row, "mail")),
                Timestamps.read(row, "signing_key_created_at"),
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }

    private static FilterModes.Channel modes(ResultSet row, String channel) throws SQLException {
        return new FilterModes.Channel(
                mode(row, channel + "_inbound_filter"),
                mode(row, channel + "_outbound_filter"),
                mode(row, channel + "_filter"));
    }

    private static FilterMode mode(ResultSet row, String column) throws SQLException {
        return FilterMode.valueOf(row.getString(column).toUpperCase(Locale.ROOT));
    }
}
