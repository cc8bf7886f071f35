package partyline.conversations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import partyline.conversations.Words.Word;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The index of what messages say, and how far it reaches for each organization that searches.
///
/// Messages are added behind, in batches that are read and cut into words outside the writer. What changes a message
/// that may be in it does so here too, in the same unit, and counts that, so that a batch which was read before is
/// recognized as old. Each word has a scope before it: the number of the message's identity, and whether it is hidden.
final class SearchIndex {

    /// How far the index of an organization reaches, by the key of a message, and how often it was changed.
    record Progress(long indexed, long changes) {

        static final Progress NONE = new Progress(0, 0);
    }

    /// Messages to add after the `progress` at which they were read; `more` may follow.
    record Batch(Progress progress, List<Entry> entries, boolean more) {}

    /// A message and its words.
    record Entry(long key, long identity, String words) {}

    private record Source(long key, long identity, boolean blocked, long conversation, String text) {}

    /// So many at once, and no more characters than take the writer some milliseconds.
    private static final int MOST_MESSAGES = 250;

    private static final int MOST_CHARACTERS = 64_000;
    /// How many pages of the index one unit rewrites.
    private static final int PAGES = 64;

    private static final int RADIX = 36;
    private static final String OF_PERSON =
            "(SELECT m.id FROM message m WHERE m.conversation_id IN " + Conversations.CONVERSATIONS + ")";

    /// Before the words of one identity's messages: those that agents see, or those that they do not.
    static String scope(long identity, boolean blocked) {
        return Long.toString(identity, RADIX) + (blocked ? "!" : ":");
    }

    /// A word that all messages of a conversation have beside their own.
    static String mark(long conversation) {
        return "@" + Long.toString(conversation, RADIX);
    }

    /// Empty for an organization that never searched.
    static Optional<Progress> progress(Handle handle, OrganizationId organization) {
        return Rows.first(
                handle,
                "SELECT indexed, changes FROM search_progress WHERE organization_no = " + Symbols.of("?"),
                row -> new Progress(row.getLong(1), row.getLong(2)),
                organization.text());
    }

    /// The organizations that searched after `since`.
    List<OrganizationId> searching(Handle handle, Instant since) {
        return Rows.list(
                handle,
                "SELECT s.text FROM search_progress p JOIN symbol s ON s.no = p.organization_no WHERE p.searched_at > ?",
                row -> new OrganizationId(row.getString(1)),
                Timestamps.micros(since));
    }

    /// Whether the organization is known to have searched after `since`.
    boolean isSearching(Handle handle, OrganizationId organization, Instant since) {
        return Rows.exist(
                handle,
                "SELECT 1 FROM search_progress WHERE organization_no = " + Symbols.of("?") + " AND searched_at > ?",
                organization.text(),
                Timestamps.micros(since));
    }

    /// The organization searches: from now on it has an index.
    void searched(Tx tx, OrganizationId organization, Instant now) {
        tx.run("""
                INSERT INTO search_progress (organization_no, searched_at) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET searched_at = excluded.searched_at
                """, Symbols.number(tx, organization.text()), Timestamps.micros(now));
    }

    /// Of a hundred messages of the organization how many are in, by where their keys lie.
    int percent(Handle handle, OrganizationId organization) {
        return Rows.first(handle, """
                        SELECT coalesce(100 * (max(indexed, oldest) - oldest) / nullif(newest - oldest, 0), 0)
                          FROM (SELECT indexed, (SELECT min(id) FROM message WHERE organization_no = <no>) AS oldest,
                                       (SELECT max(id) FROM message WHERE organization_no = <no>) AS newest
                                  FROM search_progress WHERE organization_no = <no>)
                        """.replace("<no>", Symbols.of("?1")), row -> row.getInt(1), organization.text())
                .orElse(0);
    }

    /// The identities of the organization that have messages in the index, by their numbers.
    List<Long> identities(Handle handle, OrganizationId organization) {
        return Rows.list(
                handle,
                "SELECT identity_no FROM search_identity WHERE organization_no = " + Symbols.of("?"),
                row -> row.getLong(1),
                organization.text());
    }

    /// The number of an identity, if messages of the organization are in the index that are its own.
    Optional<Long> identity(Handle handle, OrganizationId organization, Id identity) {
        return Rows.first(
                handle,
                "SELECT no FROM symbol JOIN search_identity ON identity_no = no WHERE text = ? AND organization_no = "
                        + Symbols.of("?"),
                row -> row.getLong(1),
                identity.text(),
                organization.text());
    }

    /// Whose conversation it is, if the organization has it.
    Optional<Long> identityOf(Handle handle, OrganizationId organization, Id conversation) {
        return Rows.first(
                handle, """
                SELECT no FROM conversation JOIN symbol ON text = identity_id
                 WHERE id = ? AND salt = ? AND organization_id = ?
                """, row -> row.getLong(1), conversation.key(), conversation.salt(), organization.text());
    }

    /// Whether a whole batch waits.
    boolean isBehind(Handle handle, OrganizationId organization) {
        return Rows.exist(
                handle,
                "SELECT 1 FROM message WHERE organization_no = " + Symbols.of("?") + " AND id > ? LIMIT 1 OFFSET "
                        + (MOST_MESSAGES - 1),
                organization.text(),
                progress(handle, organization).orElse(Progress.NONE).indexed());
    }

    /// What is to be added next.
    Batch next(Handle handle, OrganizationId organization) {
        Progress progress = progress(handle, organization).orElse(Progress.NONE);
        List<Source> found = Rows.list(
                handle,
                """
                SELECT id, identity_no, is_blocked, conversation_id, coalesce(content, '') FROM message
                 WHERE organization_no = <organization> AND id > ? ORDER BY id LIMIT <most>
                """.replace("<organization>", Symbols.of("?")).replace("<most>", String.valueOf(MOST_MESSAGES)),
                row -> new Source(row.getLong(1), row.getLong(2), row.getBoolean(3), row.getLong(4), row.getString(5)),
                organization.text(),
                progress.indexed());
        List<Entry> entries = new ArrayList<>();
        int characters = 0;
        for (Source source : found) {
            if (characters > MOST_CHARACTERS) {
                break;
            }
            characters += source.text().length();
            entries.add(new Entry(source.key(), source.identity(), words(source)));
        }
        return new Batch(progress, entries, found.size() == MOST_MESSAGES || entries.size() < found.size());
    }

    /// Adds the batch, unless what it was read from was changed meanwhile.
    void add(Tx tx, OrganizationId organization, Batch batch) {
        if (batch.entries().isEmpty() || !progress(tx.handle(), organization).equals(Optional.of(batch.progress()))) {
            return;
        }
        long number = Symbols.number(tx, organization.text());
        batch.entries().stream()
                .map(Entry::identity)
                .distinct()
                .forEach(identity -> tx.run(
                        "INSERT INTO search_identity (organization_no, identity_no) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        number,
                        identity));
        batch.entries().forEach(entry -> add(tx, entry.key(), entry.words()));
        tx.run(
                "UPDATE search_progress SET indexed = ? WHERE organization_no = ?",
                batch.entries().getLast().key(),
                number);
    }

    /// The message says something else now than when it may have been read or added.
    static void revise(Tx tx, Message message) {
        OrganizationId organization = message.place().organization();
        long key = message.id().key();
        Optional<Progress> progress = progress(tx.handle(), organization);
        if (progress.isEmpty()) {
            return;
        }
        tx.run(
                "UPDATE search_progress SET changes = changes + 1 WHERE organization_no = ?",
                Symbols.number(tx, organization.text()));
        if (key <= progress.get().indexed()) {
            tx.run("DELETE FROM message_search WHERE rowid = ?", key);
            String text = message.content().text();
            add(
                    tx,
                    key,
                    words(new Source(
                            key,
                            Symbols.number(tx, message.place().identity().text()),
                            message.marks().blocked(),
                            message.place().conversation().key(),
                            text == null ? "" : text)));
        }
    }

    /// These messages say nothing any more.
    static void empty(Tx tx, List<Long> keys) {
        String all = keys.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
        int organizations = tx.handle().execute("""
                UPDATE search_progress SET changes = changes + 1
                 WHERE organization_no IN (SELECT organization_no FROM message WHERE id IN <all>)
                """.replace("<all>", all));
        if (organizations > 0) {
            tx.handle().execute("DELETE FROM message_search WHERE rowid IN " + all);
        }
    }

    /// Takes out what is about a person, and rewrites the index: what is taken out stays in the file until its
    /// part of the index is written anew. The index then ends with a message that stays, since ids only grow
    /// beyond those that there are.
    static void forget(Tx tx, PhoneNumber person) {
        if (!Rows.exist(tx.handle(), "SELECT 1 FROM search_progress")) {
            return;
        }
        about(tx, person, "DELETE FROM message_search WHERE rowid IN " + OF_PERSON);
        about(tx, person, """
                UPDATE search_progress SET changes = changes + 1, indexed = min(indexed, coalesce(
                    (SELECT m.id FROM message m
                      WHERE m.organization_no = search_progress.organization_no AND m.id NOT IN <of person>
                      ORDER BY m.id DESC LIMIT 1), 0))
                """.replace("<of person>", OF_PERSON));
        // Once more: a part that was being written when something in it was taken out still has that.
        optimize(tx);
        optimize(tx);
    }

    private static void about(Tx tx, PhoneNumber person, String sql) {
        tx.handle().createUpdate(sql).bind("person", person.text()).execute();
    }

    private static void optimize(Tx tx) {
        tx.handle().execute("INSERT INTO message_search (message_search) VALUES ('optimize')");
    }

    /// The counts of changes, by the number of the organization, where something that was taken out may still lie in
    /// the file.
    Map<Long, Long> unclean(Handle handle) {
        return Rows.list(
                        handle,
                        "SELECT organization_no, changes FROM search_progress WHERE purged < changes",
                        row -> Map.entry(row.getLong(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// All that was taken out up to these counts is gone.
    void purged(Tx tx, Map<Long, Long> counts) {
        counts.forEach((organization, changes) ->
                tx.run("UPDATE search_progress SET purged = ? WHERE organization_no = ?", changes, organization));
    }

    /// Rewrites a stretch of the index, of all that it has now with `begin`; false when nothing was left to do.
    boolean purge(Tx tx, boolean begin) {
        long before = changesOf(tx);
        tx.run("INSERT INTO message_search (message_search, rank) VALUES ('merge', ?)", begin ? -PAGES : PAGES);
        return changesOf(tx) - before >= 2;
    }

    /// As FTS5 tells whether a merge did anything.
    private static long changesOf(Tx tx) {
        return Rows.first(tx.handle(), "SELECT total_changes()", row -> row.getLong(1))
                .orElseThrow();
    }

    private static void add(Tx tx, long key, String words) {
        if (!words.isEmpty()) {
            tx.run("INSERT INTO message_search (rowid, words) VALUES (?, ?)", key, words);
        }
    }

    private static String words(Source source) {
        List<Word> words = Words.of(source.text());
        if (words.isEmpty()) {
            return "";
        }
        String scope = scope(source.identity(), source.blocked());
        StringBuilder spelled = new StringBuilder(scope).append(mark(source.conversation()));
        words.forEach(word -> spelled.append(' ').append(scope).append(word.term()));
        return spelled.toString();
    }
}
