package partyline.media;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `media` table. The token of an address is the right to read; everything else asks for a caller or belongs to the
/// machinery.
final class MediaStore {

    private static final int BATCH = 200;
    private static final String COLUMNS = "id, organization_id, token, name, title, content_type, size, removed_at";

    /// A row: the file, and whether its bytes are still there.
    record Row(MediaFile file, boolean alive) {}

    long bytes(Handle handle, OrganizationId organization) {
        return handle.createQuery("""
                        SELECT coalesce(sum(size), 0) FROM media
                         WHERE organization_id = :organization AND removed_at IS NULL
                        """)
                .bind("organization", organization.text())
                .mapTo(long.class)
                .one();
    }

    /// What of an organization the person sent and is still here.
    MediaFiles.SentFiles sentBy(Handle handle, OrganizationId organization, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM media
                         WHERE person = :person AND organization_id = :organization AND removed_at IS NULL
                        """)
                .bind("person", person.text())
                .bind("organization", organization.text())
                .map((row, _) -> new MediaFiles.SentFiles(row.getInt("files"), row.getLong("bytes")))
                .one();
    }

    void insert(Tx tx, MediaFile file, Instant now) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO media (id, organization_id, token, name, title, content_type, size, created_at)
                        VALUES (:id, :organization, :token, :name, :title, :type, :size, :now)
                        """)
                .bind("id", file.id().text())
                .bind("organization", file.organization().text())
                .bind("token", file.token())
                .bind("name", file.name())
                .bind("title", file.title())
                .bind("type", file.contentType())
                .bind("size", file.size())
                .bind("now", Timestamps.micros(now))
                .execute();
    }

    /// The picture that the identity shows.
    Optional<MediaFile> avatar(Handle handle, Id identity) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM media WHERE avatar_of = :identity")
                .bind("identity", identity.text())
                .map((row, _) -> row(row).file())
                .findOne();
    }

    void insertAvatar(Tx tx, MediaFile file, Id identity, Instant now) {
        insert(tx, file, now);
        tx.handle()
                .execute(
                        "UPDATE media SET avatar_of = ? WHERE id = ?",
                        identity.text(),
                        file.id().text());
    }

    /// Deletes the row of the identity's picture, whose address was for cards alone, and returns its id.
    Optional<Id> deleteAvatar(Tx tx, Id identity) {
        return tx.handle()
                .createQuery("DELETE FROM media WHERE avatar_of = :identity RETURNING id")
                .bind("identity", identity.text())
                .map((row, _) -> Id.parse(row.getString("id")))
                .findOne();
    }

    Optional<Row> find(Handle handle, String token) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM media WHERE token = :token")
                .bind("token", token)
                .map((row, _) -> row(row))
                .findOne();
    }

    /// The file behind a token, if it is alive and of the caller's organization. No message may refer to an
    /// avatar: it would go with the message.
    Optional<MediaFile> find(Tx tx, Caller caller, String token) {
        return tx.handle()
                .createQuery("SELECT " + COLUMNS + """
                          FROM media
                         WHERE token = :token AND organization_id = :organization AND removed_at IS NULL
                           AND avatar_of IS NULL
                        """)
                .bind("token", token)
                .bind("organization", caller.organization().text())
                .map((row, _) -> row(row).file())
                .findOne();
    }

    /// Notes that a message of `identity` refers to the file. With a second identity it belongs to none alone.
    void use(Tx tx, Id file, Id identity, Instant now) {
        tx.handle()
                .createUpdate("""
                        UPDATE media
                           SET identity_id = CASE WHEN used_at IS NULL OR identity_id = :identity THEN :identity END,
                               used_again = (used_at IS NOT NULL), used_at = :now
                         WHERE id = :id
                        """)
                .bind("id", file.text())
                .bind("identity", identity.text())
                .bind("now", Timestamps.micros(now))
                .execute();
    }

    /// Notes who sent the file.
    void sentBy(Tx tx, Id file, PhoneNumber person) {
        tx.handle().execute("UPDATE media SET person = ? WHERE id = ?", person.text(), file.text());
    }

    /// How large the files are together that `person` sent and no message has.
    long unused(Handle handle, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT coalesce(sum(size), 0) FROM media
                         WHERE person = :person AND used_at IS NULL AND removed_at IS NULL
                        """)
                .bind("person", person.text())
                .mapTo(long.class)
                .one();
    }

    /// Whether `person` sent the file, and it is still there or was once used.
    boolean holds(Handle handle, String token, PhoneNumber person) {
        return Rows.exist(
                handle,
                "SELECT 1 FROM media WHERE token = ? AND person = ? AND (used_at IS NOT NULL OR removed_at IS NULL)",
                token,
                person.text());
    }

    /// A file of a person that no message has yet.
    Optional<MediaFile> unclaimed(Tx tx, String token) {
        return tx.handle()
                .createQuery("SELECT " + COLUMNS + """
                          FROM media
                         WHERE token = :token AND person IS NOT NULL AND used_at IS NULL AND removed_at IS NULL
                        """)
                .bind("token", token)
                .map((row, _) -> row(row).file())
                .findOne();
    }

    MediaFile give(Tx tx, MediaFile file, OrganizationId organization) {
        tx.run(
                "UPDATE media SET organization_id = ? WHERE id = ?",
                organization.text(),
                file.id().text());
        return new MediaFile(
                file.id(), organization, file.token(), file.name(), file.title(), file.contentType(), file.size());
    }

    /// Marks the file as removed if at most one message ever referred to it.
    Optional<Id> release(Tx tx, String token, Instant now) {
        return tx.handle()
                .createQuery("""
                        UPDATE media SET removed_at = :now
                         WHERE token = :token AND used_again = 0 AND removed_at IS NULL RETURNING id
                        """)
                .bind("token", token)
                .bind("now", Timestamps.micros(now))
                .map((row, _) -> Id.parse(row.getString("id")))
                .findOne();
    }

    /// The files that a person sent and that are still there.
    static List<Id> sentBy(Handle handle, PhoneNumber person) {
        return handle.createQuery("SELECT id FROM media WHERE person = :person AND removed_at IS NULL")
                .bind("person", person.text())
                .map((row, _) -> Id.parse(row.getString("id")))
                .list();
    }

    /// Marks the files that only `identity` used as removed, and returns them.
    List<Id> removeAll(Tx tx, Id identity, Instant now) {
        return tx.handle()
                .createQuery("""
                        UPDATE media SET removed_at = :now
                         WHERE identity_id = :identity AND removed_at IS NULL RETURNING id
                        """)
                .bind("identity", identity.text())
                .bind("now", Timestamps.micros(now))
                .map((row, _) -> Id.parse(row.getString("id")))
                .list();
    }

    /// Marks some files, no avatars, as removed that were last used before `usedBefore`, or never and are older
    /// than `unusedBefore`, and returns them; none when nothing is due.
    List<Id> removeDue(Tx tx, Instant usedBefore, Instant unusedBefore, Instant now) {
        return tx.handle()
                .createQuery("""
                        UPDATE media SET removed_at = :now
                         WHERE id IN (SELECT id FROM media
                                       WHERE removed_at IS NULL AND avatar_of IS NULL
                                         AND (used_at < :used OR (used_at IS NULL AND created_at < :unused))
                                       LIMIT :most)
                        RETURNING id
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("used", Timestamps.micros(usedBefore))
                .bind("unused", Timestamps.micros(unusedBefore))
                .bind("most", BATCH)
                .map((row, _) -> Id.parse(row.getString("id")))
                .list();
    }

    /// The names of all files that should be on disk.
    static Set<String> alive(Handle handle) {
        return new HashSet<>(handle.createQuery("SELECT id FROM media WHERE removed_at IS NULL")
                .mapTo(String.class)
                .list());
    }

    private static Row row(ResultSet row) throws SQLException {
        MediaFile file = new MediaFile(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                row.getString("token"),
                row.getString("name"),
                Optional.ofNullable(row.getString("title")),
                row.getString("content_type"),
                row.getLong("size"));
        return new Row(file, Timestamps.read(row, "removed_at").isEmpty());
    }
}
