package partyline.conversations;

import java.util.List;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Timestamps;

/// The `message` table as a look back from one message.
final class HistoryStore {

    /// A stretch of a conversation, newest first; blocked messages left out, tapbacks not looked up.
    List<Message> list(Handle handle, Conversations.History wish) {
        return handle.createQuery(MessageStore.SELECT + """
                 WHERE m.conversation_id = :conversation AND m.id < :before AND m.is_blocked = 0
                   AND (:since IS NULL OR m.created_at >= :since)
                 ORDER BY m.id DESC LIMIT :most
                """)
                .bind("conversation", wish.conversation().text())
                .bind("before", wish.before().text())
                .bind("since", wish.since().map(Timestamps::micros).orElse(null))
                .bind("most", wish.most())
                .map((row, _) -> MessageStore.message(row))
                .list();
    }
}
