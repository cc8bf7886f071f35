package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Message.Content;
import partyline.conversations.Message.Delivery;
import partyline.conversations.Message.Failure;
import partyline.conversations.Message.Marks;
import partyline.conversations.Message.Moments;
import partyline.conversations.Message.Place;
import partyline.conversations.Message.Times;
import partyline.conversations.Message.Way;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.media.MediaFailure;
import partyline.transport.InboundHandler;
import partyline.transport.Service;

/// The `message` table as readers and receipts use it. As a queue it is [MessageQueue]; lists are in [MessageList].
final class MessageStore {

    /// What a message said in events up to a number.
    record Said(long message, long until) {}

    private final TapbackStore tapbacks = new TapbackStore();

    /// What [#message] reads, column by column; messages first, then the conversation of each.
    static final String SELECT = """
            SELECT m.id, c.organization_id, c.identity_id, m.conversation_id, m.connection_id, c.person, m.line,
                   m.outbound, m.content, m.media, m.media_error, m.send_style, m.occurred_at, m.edited_at, m.unsent_at,
                   m.service, m.downgraded, m.left_out, m.status, m.error_code, m.error_message, m.error_reason,
                   m.error_detail, m.is_read, m.is_blocked, m.sent_at, m.delivered_at, m.read_at, m.failed_at,
                   m.created_at, m.updated_at, m.salt, c.salt, m.connection_salt, m.by_admin
              FROM message m CROSS JOIN conversation c ON c.id = m.conversation_id
            """;

    private static final String PROGRESS = """
            UPDATE message
               SET status = ?1, service = ?2, downgraded = ?3, left_out = ?4,
                   error_code = ?5, error_message = ?6, error_reason = ?7, error_detail = ?8,
                   sent_at = ?9, delivered_at = ?10, read_at = ?11, failed_at = ?12, updated_at = ?13
            """;

    private static final String NAMED =
            PROGRESS.replace("UPDATE", "UPDATE OR IGNORE") + ", provider_id = ?15 WHERE id = ?14";

    Optional<Message> byProviderId(Tx tx, String line, String providerId) {
        return Rows.first(
                tx.handle(),
                SELECT + "WHERE m.line = ? AND m.provider_id = ? AND m.outbound = 1",
                MessageStore::message,
                line,
                providerId);
    }

    /// One message, if the caller sees it.
    Optional<Message> find(Handle handle, Caller caller, Id id) {
        return handle.createQuery(SELECT + """
                 WHERE m.id = :id AND m.salt = :salt AND c.organization_id = :organization
                   AND (:own IS NULL OR (c.identity_id = :own AND m.is_blocked = 0))
                """)
                .bind("id", id.key())
                .bind("salt", id.salt())
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .map((row, _) -> message(row))
                .findOne()
                .map(message -> withTapbacks(handle, message));
    }

    /// The outbound or inbound message that a line knows as `providerId`, for tapbacks; the newest, should it
    /// call two so.
    Optional<Message> bubble(Tx tx, String line, String providerId) {
        return tx.handle()
                .createQuery(SELECT + "WHERE m.line = :line AND m.provider_id = :provider ORDER BY m.id DESC LIMIT 1")
                .bind("line", line)
                .bind("provider", providerId)
                .map((row, _) -> message(row))
                .findOne();
    }

    /// The newest bubbles of each of this person's conversations that `line` carried, newest first, with
    /// the signature that the person saw.
    List<InboundHandler.RecentText> recent(Handle handle, String line, PhoneNumber person, int most) {
        return handle.createQuery("""
                        SELECT m.provider_id, m.content, m.signature, m.media, m.outbound
                          FROM conversation c
                          JOIN message m ON m.id IN (SELECT id FROM message WHERE conversation_id = c.id
                                                      ORDER BY id DESC LIMIT :most)
                         WHERE c.person = :person
                           AND c.identity_id IN (SELECT identity_id FROM connection WHERE person = :person)
                           AND m.line = :line AND m.provider_id IS NOT NULL
                         ORDER BY m.id DESC
                        """)
                .bind("most", most)
                .bind("person", person.text())
                .bind("line", line)
                .map((row, _) -> recent(row))
                .list();
    }

    private static InboundHandler.RecentText recent(ResultSet row) throws SQLException {
        String content = row.getString("content");
        String signature = row.getString("signature");
        String shown = signature == null ? content : content == null ? signature : signature + ": " + content;
        return new InboundHandler.RecentText(
                row.getString("provider_id"), shown, row.getString("media") != null, row.getBoolean("outbound"));
    }

    /// What this person wrote on the line under that provider id.
    Optional<Message> written(Tx tx, String line, String providerId, PhoneNumber person) {
        return tx.handle()
                .createQuery(SELECT + """
                         WHERE m.line = :line AND m.provider_id = :provider AND m.outbound = 0 AND c.person = :person
                        """)
                .bind("line", line)
                .bind("provider", providerId)
                .bind("person", person.text())
                .map((row, _) -> message(row))
                .findFirst();
    }

    /// How many of the newest `most` messages are kept for the admin's eyes alone and came after `since`.
    int unseen(Tx tx, Id conversation, Instant since, Instant now, int most) {
        return tx.handle()
                .createQuery("""
                        SELECT count(*) FROM (SELECT is_blocked, created_at FROM message
                                               WHERE conversation_id = :conversation ORDER BY id DESC LIMIT :most)
                         WHERE is_blocked = 1 AND created_at > :since AND created_at <= :now
                        """)
                .bind("conversation", conversation.key())
                .bind("most", most)
                .bind("since", Timestamps.micros(since))
                .bind("now", Timestamps.micros(now))
                .mapTo(int.class)
                .one();
    }

    /// Whether something that was handed to this line for that person may be on their phone, under a provider id that
    /// is not known yet.
    boolean mayHaveLeft(Tx tx, String line, PhoneNumber person) {
        return tx.handle()
                .createQuery("""
                        SELECT EXISTS (SELECT 1 FROM message m JOIN conversation c ON c.id = m.conversation_id
                                        WHERE m.status = 'queued' AND m.handed_at IS NOT NULL
                                          AND m.line = :line AND c.person = :person)
                        """)
                .bind("line", line)
                .bind("person", person.text())
                .mapTo(boolean.class)
                .one();
    }

    /// The text of this name that came on the line; without words that were changed.
    Optional<InboundHandler.Came> came(Handle handle, String line, String providerId) {
        return Rows.first(
                handle,
                """
                SELECT c.person, m.created_at, CASE WHEN m.edited_at IS NULL THEN m.content END
                  FROM message m CROSS JOIN conversation c ON c.id = m.conversation_id
                 WHERE m.line = ? AND m.provider_id = ? AND m.outbound = 0
                """,
                row -> new InboundHandler.Came(
                        Optional.of(new PhoneNumber(row.getString(1))),
                        Timestamps.instant(row.getLong(2)),
                        Optional.ofNullable(row.getString(3))),
                line,
                providerId);
    }

    /// What the message is called on its line; empty before the line took it.
    Optional<String> providerId(Handle handle, Id message) {
        return handle.createQuery("SELECT provider_id FROM message WHERE id = :id AND provider_id IS NOT NULL")
                .bind("id", message.key())
                .mapTo(String.class)
                .findOne();
    }

    /// Flags the conversation's unread messages as read and returns how many there were. Looks only at what came
    /// since the last time.
    int markRead(Tx tx, Id conversation, Instant at) {
        return tx.handle()
                .createUpdate("""
                        UPDATE message SET is_read = 1, updated_at = :at
                         WHERE conversation_id = :conversation
                           AND id > (SELECT coalesce(read_until, 0) FROM conversation WHERE id = :conversation)
                           AND outbound = 0 AND is_read = 0 AND is_blocked = 0
                        """)
                .bind("conversation", conversation.key())
                .bind("at", Timestamps.micros(at))
                .execute();
    }

    List<Message> withTapbacks(Handle handle, List<Message> plain) {
        Map<Id, List<Tapback>> live = tapbacks.live(handle, plain);
        return plain.stream()
                .map(message -> message.with(live.getOrDefault(message.id(), List.of())))
                .toList();
    }

    /// The message with the tapbacks that live on it.
    Message withTapbacks(Handle handle, Message plain) {
        return withTapbacks(handle, List.of(plain)).getFirst();
    }

    /// Whether the message is still kept.
    boolean exists(Handle handle, Id message) {
        return Rows.exist(handle, "SELECT 1 FROM message WHERE id = ?", message.key());
    }

    Optional<Message> byKey(Handle handle, long key) {
        return Rows.first(handle, SELECT + "WHERE m.id = ?", MessageStore::message, key);
    }

    /// What came in; its line calls it `providerId`.
    void insert(Tx tx, Message message, String providerId) {
        insert(tx, message, providerId, Optional.empty(), Optional.empty());
    }

    /// What is to go out.
    void insert(Tx tx, MessageQueue.Waiting waiting) {
        insert(tx, waiting.message(), null, waiting.handedAt(), waiting.signature());
    }

    private static void insert(
            Tx tx,
            Message message,
            @Nullable String providerId,
            Optional<Instant> handedAt,
            Optional<String> signature) {
        Place place = message.place();
        Content content = message.content();
        tx.run(
                """
                INSERT INTO message (id, salt, organization_no, identity_no, conversation_id, connection_id,
                                     connection_salt, line, outbound, content, media, media_error, send_style, service,
                                     status, is_blocked, provider_id, created_at, updated_at, occurred_at, handed_at,
                                     signature, by_admin, downgraded, is_read, attempts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?18, ?18, ?19, ?20, ?21, ?22, 0, 0, 0)
                """,
                message.id().key(),
                message.id().salt(),
                Symbols.number(tx, place.organization().text()),
                Symbols.number(tx, place.identity().text()),
                place.conversation().key(),
                place.connection().key(),
                place.connection().salt(),
                place.line(),
                place.outbound(),
                content.text(),
                media(content),
                content.lost().map(MediaFailure::code).orElse(null),
                content.sendStyle(),
                message.delivery().way().service().wire(),
                message.delivery().status().wire(),
                message.marks().blocked(),
                providerId,
                Timestamps.micros(message.createdAt()),
                micros(content.moments().occurredAt()),
                micros(handedAt),
                signature.orElse(null),
                message.marks().byAdmin());
    }

    /// Stores what the message says now. What it said is kept for the events until then, those up to number `until`,
    /// but for one that was taken back: then nobody is to read it any more.
    void revise(Tx tx, Message message, long until) {
        Content content = message.content();
        if (content.moments().unsentAt().isPresent()) {
            tx.run("DELETE FROM message_past WHERE message_id = ?", message.id().key());
        } else {
            tx.run("""
                    INSERT INTO message_past (message_id, until, content, media, media_error, edited_at)
                    SELECT id, ?, content, media, media_error, edited_at FROM message WHERE id = ?
                        ON CONFLICT DO NOTHING
                    """, until, message.id().key());
        }
        tx.run(
                """
                UPDATE message
                   SET content = ?, media = ?, media_error = ?, edited_at = ?, unsent_at = ?, updated_at = ?
                 WHERE id = ?
                """,
                content.text(),
                media(content),
                content.lost().map(MediaFailure::code).orElse(null),
                micros(content.moments().editedAt()),
                micros(content.moments().unsentAt()),
                Timestamps.micros(message.updatedAt()),
                message.id().key());
        SearchIndex.revise(tx, message);
    }

    /// The message saying what it said when the event with number `seq` told of it, as far as that is still kept.
    Message past(Handle reader, Message message, long seq) {
        return Rows.first(reader, """
                        SELECT p.content, p.media, p.media_error, m.send_style, m.occurred_at, p.edited_at, NULL
                          FROM message_past p JOIN message m ON m.id = p.message_id
                         WHERE p.message_id = ? AND p.until >= ? ORDER BY p.until LIMIT 1
                        """, row -> content(row, 1), message.id().key(), seq)
                .map(then -> message.with(then, message.updatedAt()))
                .orElse(message);
    }

    /// Some of what messages said before, of which the journal has forgotten all events.
    List<Said> untold(Handle reader, int most) {
        return Rows.list(reader, """
                SELECT p.message_id, p.until
                  FROM message_past p JOIN message m ON m.id = p.message_id
                       JOIN journal_head h ON h.organization_no = m.organization_no
                 WHERE p.until <= h.seq LIMIT ?
                """, row -> new Said(row.getLong(1), row.getLong(2)), most);
    }

    void forget(Tx tx, List<Said> past) {
        past.forEach(
                it -> tx.run("DELETE FROM message_past WHERE message_id = ? AND until = ?", it.message(), it.until()));
    }

    private static @Nullable String media(Content content) {
        return content.media().isEmpty() ? null : Json.write(MessageJson.media(content.media()));
    }

    /// Stores how far the message got.
    void update(Tx tx, Message message) {
        tx.run(PROGRESS + "WHERE id = ?14", progress(message, null));
    }

    /// The same, with the name that its line gave it. False, and nothing has changed, when another one has
    /// that name: the index of names says so, which saves looking first.
    boolean name(Tx tx, Message message, String providerId) {
        return tx.run(NAMED, progress(message, providerId)) == 1;
    }

    /// Without a provider id nothing takes its place.
    private static @Nullable Object[] progress(Message message, @Nullable String providerId) {
        Delivery delivery = message.delivery();
        Optional<Failure> failure = delivery.failure();
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                delivery.status().wire(),
                delivery.way().service().wire(),
                delivery.way().downgraded(),
                String.join(",", delivery.way().leftOut()),
                failure.map(Failure::code).orElse(null),
                failure.map(Failure::message).orElse(null),
                failure.map(Failure::reason).orElse(null),
                failure.map(Failure::detail).orElse(null),
                micros(delivery.times().sentAt()),
                micros(delivery.times().deliveredAt()),
                micros(delivery.times().readAt()),
                micros(delivery.times().failedAt()),
                Timestamps.micros(message.updatedAt()),
                message.id().key()));
        if (providerId != null) {
            values.add(providerId);
        }
        return values.toArray();
    }

    /// The message at which `row` stands, whose columns begin with those of [#SELECT].
    static Message message(ResultSet row) throws SQLException {
        return new Message(
                Id.of(row.getLong(1), row.getLong(32)),
                place(row),
                content(row, 9),
                delivery(row),
                new Marks(row.getBoolean(24), row.getBoolean(25), row.getBoolean(35)),
                List.of(),
                Timestamps.instant(row.getLong(30)),
                Timestamps.instant(row.getLong(31)));
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(
                new OrganizationId(row.getString(2)),
                Id.parse(row.getString(3)),
                Id.of(row.getLong(4), row.getLong(33)),
                Id.of(row.getLong(5), row.getLong(34)),
                new PhoneNumber(row.getString(6)),
                row.getString(7),
                row.getBoolean(8));
    }

    /// What is said, from seven columns that begin at `first`.
    private static Content content(ResultSet row, int first) throws SQLException {
        String media = row.getString(first + 1);
        return new Content(
                row.getString(first),
                media == null ? List.of() : MessageJson.readMedia(media),
                row.getString(first + 3),
                Optional.ofNullable(row.getString(first + 2)).map(MediaFailure::of),
                new Moments(
                        Timestamps.read(row, first + 4),
                        Timestamps.read(row, first + 5),
                        Timestamps.read(row, first + 6)));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        String code = row.getString(20);
        Optional<Failure> failure = code == null
                ? Optional.empty()
                : Optional.of(new Failure(code, row.getString(21), row.getString(22), row.getString(23)));
        return new Delivery(
                way(row),
                Message.Status.of(row.getString(19)),
                failure,
                new Times(
                        Timestamps.read(row, 26),
                        Timestamps.read(row, 27),
                        Timestamps.read(row, 28),
                        Timestamps.read(row, 29)));
    }

    private static Way way(ResultSet row) throws SQLException {
        String leftOut = row.getString(18);
        return new Way(
                Service.of(row.getString(16)),
                row.getBoolean(17),
                leftOut.isEmpty() ? Set.of() : Set.of(leftOut.split(",")));
    }

    private static @Nullable Long micros(Optional<Instant> instant) {
        return instant.map(Timestamps::micros).orElse(null);
    }
}
