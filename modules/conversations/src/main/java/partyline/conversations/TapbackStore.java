package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import partyline.conversations.Message.Place;
import partyline.conversations.Tapback.Reaction;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `tapback` table. A tapback is live while `removed_at` is null; a unique index keeps one per sender, message and
/// part.
final class TapbackStore {

    private static final String SELECT = """
            SELECT t.id, t.organization_id, t.identity_id, t.conversation_id, t.connection_id, t.message_id, m.salt, t.person,
                   m.line, m.outbound AS message_outbound, t.outbound, t.reaction, t.custom_emoji, t.part_index,
                   t.created_at, t.updated_at
              FROM tapback t JOIN message m ON m.id = t.message_id
            """;
    private static final String LIVE = SELECT + " WHERE t.removed_at IS NULL";

    /// The live tapbacks of these messages, oldest first.
    Map<Id, List<Tapback>> live(Handle handle, List<Message> messages) {
        if (messages.isEmpty()) {
            return Map.of();
        }
        return handle
                .createQuery(LIVE + " AND t.message_id IN (<messages>) ORDER BY t.id")
                .bindList("messages", messages.stream().map(it -> it.id().key()).toList())
                .map((row, _) -> tapback(row))
                .stream()
                .collect(Collectors.groupingBy(Tapback::message));
    }

    Optional<Tapback> live(Tx tx, Id message, boolean outbound, int partIndex) {
        return tx.handle()
                .createQuery(LIVE + " AND t.message_id = :message AND t.outbound = :outbound AND t.part_index = :part")
                .bind("message", message.key())
                .bind("outbound", outbound)
                .bind("part", partIndex)
                .map((row, _) -> tapback(row))
                .findOne();
    }

    /// A tapback, live or not.
    Optional<Tapback> find(Handle handle, Id id) {
        return handle.createQuery(SELECT + " WHERE t.id = :id")
                .bind("id", id.text())
                .map((row, _) -> tapback(row))
                .findOne();
    }

    boolean isLive(Handle handle, Id id) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM tapback WHERE id = :id AND removed_at IS NULL)")
                .bind("id", id.text())
                .mapTo(boolean.class)
                .one();
    }

    /// The agent's own tapback, live or not, if the caller sees it.
    Optional<Tapback> own(Handle handle, Caller caller, Id id) {
        return handle.createQuery(SELECT + """
                 WHERE t.id = :id AND t.outbound = 1 AND t.organization_id = :organization
                 AND (:own IS NULL OR t.identity_id = :own)
                """)
                .bind("id", id.text())
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .map((row, _) -> tapback(row))
                .findOne();
    }

    /// Makes this the live tapback of its sender on that part of the message.
    Tapback replace(Tx tx, Tapback made) {
        live(tx, made.message(), made.outbound(), made.reaction().partIndex())
                .ifPresent(old -> remove(tx, old, made.createdAt()));
        insert(tx, made);
        return made;
    }

    private void insert(Tx tx, Tapback tapback) {
        Place where = tapback.where();
        tx.handle()
                .createUpdate("""
                        INSERT INTO tapback (id, organization_id, identity_id, conversation_id, connection_id, message_id,
                                             person, outbound, reaction, custom_emoji, part_index, created_at, updated_at)
                        VALUES (:id, :organization, :identity, :conversation, :connection, :message,
                                :person, :outbound, :reaction, :emoji, :part, :at, :at)
                        """)
                .bind("id", tapback.id().text())
                .bind("organization", where.organization().text())
                .bind("identity", where.identity().text())
                .bind("conversation", where.conversation().text())
                .bind("connection", where.connection().text())
                .bind("message", tapback.message().key())
                .bind("person", where.person().text())
                .bind("outbound", tapback.outbound())
                .bind("reaction", tapback.reaction().name())
                .bind("emoji", tapback.reaction().customEmoji())
                .bind("part", tapback.reaction().partIndex())
                .bind("at", Timestamps.micros(tapback.createdAt()))
                .execute();
    }

    void remove(Tx tx, Tapback tapback, Instant at) {
        tx.handle()
                .createUpdate("UPDATE tapback SET removed_at = :at, updated_at = :at WHERE id = :id")
                .bind("at", Timestamps.micros(at))
                .bind("id", tapback.id().text())
                .execute();
    }

    /// Some tapbacks that were taken back before `until`.
    List<String> past(Handle handle, Instant until, int most) {
        return handle.createQuery("SELECT id FROM tapback WHERE removed_at < :until LIMIT :most")
                .bind("until", Timestamps.micros(until))
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    void delete(Tx tx, List<String> ids) {
        tx.handle()
                .createUpdate("DELETE FROM tapback WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
    }

    private static Tapback tapback(ResultSet row) throws SQLException {
        Place where = new Place(
                new OrganizationId(row.getString("organization_id")),
                Id.parse(row.getString("identity_id")),
                Id.parse(row.getString("conversation_id")),
                Id.parse(row.getString("connection_id")),
                new PhoneNumber(row.getString("person")),
                row.getString("line"),
                row.getBoolean("message_outbound"));
        Reaction reaction =
                new Reaction(row.getString("reaction"), row.getString("custom_emoji"), row.getInt("part_index"));
        return new Tapback(
                Id.parse(row.getString("id")),
                where,
                Id.of(row.getLong("message_id"), row.getLong("salt")),
                row.getBoolean("outbound"),
                reaction,
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }
}
