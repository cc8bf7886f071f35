package partyline.conversations;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `message` table by age.
///
/// The age is that of `created_at`, which no index has: one would be a page more to write for every message,
/// and an hourly look may take its time. So the table is walked from its beginning to its end in the order in
/// which messages came, which ids keep but do not date: a clock that was ahead once lets them lie in the
/// future.
final class AgedMessages {

    private static final int STRETCH = 500;

    /// The end of a stretch of the table, and the ids in it of messages that are due.
    record Stretch(long end, List<String> due) {

        static final Stretch FIRST = new Stretch(0, List.of());
    }

    /// Whether there is anything after `stretch`.
    boolean hasNext(Handle handle, Stretch stretch) {
        return handle.createQuery("SELECT coalesce(max(rowid), 0) FROM message")
                        .mapTo(long.class)
                        .one()
                > stretch.end();
    }

    /// The stretch after `stretch`, and what in it is from before `until` and still says something.
    Stretch next(Handle handle, Stretch stretch, Instant until) {
        long end = stretch.end() + STRETCH;
        List<String> due = handle.createQuery("""
                        SELECT id FROM message
                         WHERE rowid > :begin AND rowid <= :end AND created_at < :until
                           AND (content IS NOT NULL OR media IS NOT NULL) AND status <> 'queued'
                        """)
                .bind("begin", stretch.end())
                .bind("end", end)
                .bind("until", Timestamps.micros(until))
                .mapTo(String.class)
                .list();
        return new Stretch(end, due);
    }

    /// Takes away what these messages said.
    void empty(Tx tx, List<String> ids) {
        tx.handle()
                .createUpdate("UPDATE message SET content = NULL, media = NULL WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
    }
}
