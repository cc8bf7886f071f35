package partyline.conversations;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;

/// Lists of messages, newest first: those that a caller sees, and a look back from one message.
///
/// Of those that a caller sees, the first condition is the narrowest that is asked for, and its index has the order
/// too. All else is compared with the conversation.
final class MessageList {

    /// The newest key of a stretch, the key before its oldest, and how many at most.
    record Bounds(long first, long last, int most) {}

    private static final String SEEN = """
             AND c.organization_id = :organization
               AND (:own IS NULL OR (c.identity_id = :own AND m.is_blocked = 0))
               AND (:identity IS NULL OR c.identity_id = :identity)
               AND (:conversation IS NULL OR (m.conversation_id = :conversation AND c.salt = :salt))
               AND (:read IS NULL OR (m.is_read = :read AND m.outbound = 0))
               AND (:blocked IS NULL OR m.is_blocked = :blocked)
               AND (:from IS NULL OR m.created_at >= :from) AND (:until IS NULL OR m.created_at < :until)
            """;

    private static final String FOUND = MessageStore.SELECT.replace(
            "FROM message m", "FROM message_search s CROSS JOIN message m ON m.id = s.rowid");

    private static final String BEGINNINGS = MessageStore.SELECT.replace("m.content", "substr(m.content, 1, :longest)");

    private final MessageStore messages = new MessageStore();

    Page<Message> list(Handle handle, Caller caller, MessageFilter filter) {
        Query query = seen(
                        handle,
                        MessageStore.SELECT + " WHERE " + narrowest(caller, filter) + SEEN
                                + " AND m.id < :before ORDER BY m.id DESC LIMIT :limit OFFSET :offset",
                        caller,
                        filter)
                .bind("limit", filter.limit())
                .bind("offset", filter.offset());
        Page<Message> page = page(query, filter.limit());
        return new Page<>(messages.withTapbacks(handle, page.rows()), page.more());
    }

    /// The first of them that came after that one, oldest first.
    Page<Message> following(Handle handle, Caller caller, MessageFilter filter, Id one) {
        Query query = seen(
                        handle,
                        MessageStore.SELECT + " WHERE " + narrowest(caller, filter) + SEEN
                                + " AND m.id < :before AND m.id > :after ORDER BY m.id LIMIT :limit",
                        caller,
                        filter)
                .bind("after", one.key())
                .bind("limit", filter.limit());
        Page<Message> page = page(query, filter.limit());
        return new Page<>(messages.withTapbacks(handle, page.rows()), page.more());
    }

    /// The same from the newest to the one after that with the key `last`, one by one, tapbacks not looked up; to be
    /// closed.
    ResultIterator<Message> after(Handle handle, Caller caller, MessageFilter filter, long last) {
        return seen(
                        handle,
                        MessageStore.SELECT + " WHERE " + narrowest(caller, filter) + SEEN
                                + " AND m.id < :before AND m.id > :last ORDER BY m.id DESC",
                        caller,
                        filter)
                .bind("last", last)
                .map((row, _) -> MessageStore.message(row))
                .iterator();
    }

    /// The same of those in which the index finds `match`, at most `most`.
    Page<Message> matching(Handle handle, Caller caller, MessageFilter filter, String match, Bounds bounds) {
        Query query = seen(
                        handle,
                        FOUND + " WHERE message_search MATCH :match AND s.rowid < :before AND s.rowid > :last"
                                + " AND s.rowid <= :first" + SEEN + " ORDER BY s.rowid DESC LIMIT :most",
                        caller,
                        filter)
                .bind("match", match)
                .bind("first", bounds.first())
                .bind("last", bounds.last())
                .bind("most", bounds.most());
        return page(query, bounds.most());
    }

    private static Page<Message> page(Query query, int most) {
        try (ResultIterator<Message> rows =
                query.map((row, _) -> MessageStore.message(row)).iterator()) {
            return Page.ofMessages(rows, most);
        }
    }

    private static Query seen(Handle handle, String sql, Caller caller, MessageFilter filter) {
        return handle.createQuery(sql)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("identity", filter.identity().map(Id::text).orElse(null))
                .bind("conversation", filter.conversation().map(Id::key).orElse(null))
                .bind("salt", filter.conversation().map(Id::salt).orElse(null))
                .bind("read", filter.read().orElse(null))
                .bind("blocked", filter.blocked().orElse(null))
                .bind("from", filter.created().from().map(Timestamps::micros).orElse(null))
                .bind("until", filter.created().until().map(Timestamps::micros).orElse(null))
                .bind("before", filter.before().map(Id::key).orElse(Long.MAX_VALUE));
    }

    /// A stretch of a conversation, newest first, and less of it where texts are large; blocked messages left out,
    /// tapbacks not looked up.
    List<Message> history(Handle handle, Conversations.History wish) {
        Query query = handle.createQuery(BEGINNINGS + """
                 WHERE m.conversation_id = :conversation AND m.id < :before AND m.is_blocked = 0
                   AND (:since IS NULL OR m.created_at >= :since)
                 ORDER BY m.id DESC LIMIT :most
                """)
                .bind("conversation", wish.conversation().key())
                .bind("before", wish.before().key())
                .bind("since", wish.since().map(Timestamps::micros).orElse(null))
                .bind("longest", wish.longest())
                .bind("most", wish.most());
        return page(query, wish.most()).rows();
    }

    private static String narrowest(Caller caller, MessageFilter filter) {
        if (filter.conversation().isPresent()) {
            return "m.conversation_id = :conversation";
        }
        if (caller.identity().isPresent()) {
            return "m.identity_no = " + Symbols.of(":own");
        }
        return filter.identity().isPresent()
                ? "m.identity_no = " + Symbols.of(":identity")
                : "m.organization_no = " + Symbols.of(":organization");
    }
}
