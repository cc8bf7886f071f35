package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.PeriodicTask;
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
        for (long begin = 0; chore.goesOn() && begin < newest(); begin += STRETCH) {
            long after = begin;
            List<String> due = storage.database().read(handle -> due(handle, after, until));
            if (!due.isEmpty()) {
                storage.database().update(tx -> empty(tx, due));
            }
            all += due.size();
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

    private long newest() {
        return storage.database()
                .read(handle -> handle.createQuery("SELECT coalesce(max(rowid), 0) FROM message")
                        .mapTo(long.class)
                        .one());
    }

    /// What is from before `until` and still says something, in the stretch after the row `begin`.
    private static List<String> due(Handle handle, long begin, Instant until) {
        return handle.createQuery("""
                        SELECT id FROM message
                         WHERE rowid > :begin AND rowid <= :end AND created_at < :until
                           AND (content IS NOT NULL OR media IS NOT NULL) AND status <> 'queued'
                        """)
                .bind("begin", begin)
                .bind("end", begin + STRETCH)
                .bind("until", Timestamps.micros(until))
                .mapTo(String.class)
                .list();
    }

    private static void empty(Tx tx, List<String> ids) {
        tx.handle()
                .createUpdate("DELETE FROM message_past WHERE message_id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
        tx.handle()
                .createUpdate("UPDATE message SET content = NULL, media = NULL WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
    }
}
