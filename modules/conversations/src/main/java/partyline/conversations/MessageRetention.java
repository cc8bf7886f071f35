package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.PeriodicTask;
import partyline.kernel.Rows;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// Empties messages that are older than they are kept: the text and the media go, that there was a message stays. Looks
/// once an hour, and takes a few hundred at a time so that others write in between. Kept for zero means for ever.
///
/// The age is that of `created_at`, which no index has: one would be a page more to write for every message, and an
/// hourly look may take its time. So the table is walked from its beginning to its end in the order in which messages
/// came, which ids keep but do not date: a clock that was ahead once lets them lie in the future. Thread-safe.
public final class MessageRetention implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessageRetention.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int STRETCH = 500;

    /// Some messages in a row, by their keys.
    private record Stretch(long first, long last) {}

    private final Storage storage;
    private final Duration kept;
    private final PeriodicTask chore = new PeriodicTask("message-retention", FIRST, EVERY, this::round);

    public MessageRetention(Storage storage, Duration kept) {
        this.storage = storage;
        this.kept = kept;
    }

    /// Begins to look.
    public void start() {
        if (!kept.isZero()) {
            chore.start();
        }
    }

    /// Empties all that is due now and returns how many messages that were.
    public int run() {
        Instant until = storage.clock().instant().minus(kept);
        int all = 0;
        Optional<Stretch> next = after(0);
        while (chore.goesOn() && next.isPresent()) {
            Stretch stretch = next.get();
            List<Long> due = storage.database().read(handle -> due(handle, stretch, until));
            if (!due.isEmpty()) {
                storage.database().update(tx -> empty(tx, due));
            }
            all += due.size();
            next = after(stretch.last());
        }
        return all;
    }

    /// Ends after the batch in progress.
    @Override
    public void close() {
        chore.close();
    }

    private void round() {
        LOG.info("event=messages_emptied count={}", run());
    }

    /// The messages after the one with the key `last`; empty when there are none.
    private Optional<Stretch> after(long last) {
        return storage.database()
                .read(handle ->
                        Rows.first(handle, """
                SELECT min(id), max(id) FROM (SELECT id FROM message WHERE id > ? ORDER BY id LIMIT ?)
                HAVING count(*) > 0
                """, row -> new Stretch(row.getLong(1), row.getLong(2)), last, STRETCH));
    }

    /// What is from before `until` in the stretch and still says something.
    private static List<Long> due(Handle handle, Stretch stretch, Instant until) {
        return Rows.list(handle, """
                SELECT id FROM message
                 WHERE id BETWEEN ? AND ? AND created_at < ?
                   AND (content IS NOT NULL OR media IS NOT NULL) AND status <> 'queued'
                """, row -> row.getLong(1), stretch.first(), stretch.last(), Timestamps.micros(until));
    }

    private static void empty(Tx tx, List<Long> ids) {
        tx.handle()
                .createUpdate("DELETE FROM message_past WHERE message_id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
        tx.handle()
                .createUpdate("UPDATE message SET content = NULL, media = NULL WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
        SearchIndex.empty(tx, ids);
    }
}
