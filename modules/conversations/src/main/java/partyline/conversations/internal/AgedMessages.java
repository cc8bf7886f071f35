package partyline.conversations.internal;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Ids;
import partyline.kernel.Tx;

/// The `message` table in the order of age, which is that of its ids: they begin with the time.
public final class AgedMessages {

    private static final int BATCH = 500;

    /// Some ids after `after` of messages from before `until` that still say something, oldest first.
    public List<String> olderThan(Handle handle, Instant until, String after) {
        return handle.createQuery("""
                        SELECT id FROM message
                         WHERE id > :after AND id < :until AND (content IS NOT NULL OR media IS NOT NULL)
                           AND status <> 'queued'
                         ORDER BY id LIMIT :most
                        """)
                .bind("after", after)
                .bind("until", Ids.from(until))
                .bind("most", BATCH)
                .mapTo(String.class)
                .list();
    }

    /// Takes away what these messages said.
    public void empty(Tx tx, List<String> ids) {
        tx.handle()
                .createUpdate("UPDATE message SET content = NULL, media = NULL WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
    }
}
