package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Message.Failure;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Backlog;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Postponement;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.Outbox;
import partyline.transport.Outgoing;
import partyline.transport.OutgoingQueue;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// What agents are to say, by conversation: the messages of status `queued`, and those that go out once more
/// (`requeued`), oldest first. `handed_at` marks one that the driver may have seen.
final class MessageQueue implements OutgoingQueue<Id, MessageQueue.Waiting> {

    /// A message and how it stands with its driver. `signature` is the agent's name, where the person must be told who
    /// speaks; `resentAs` what its driver knows it by when it goes out once more.
    record Waiting(
            Message message,
            Optional<String> signature,
            Optional<Instant> handedAt,
            Postponement postponed,
            int attempts,
            Optional<Id> resentAs,
            boolean requeued)
            implements Head {

        /// One that was just accepted.
        static Waiting of(Message message) {
            return new Waiting(
                    message, Optional.empty(), Optional.empty(), Postponement.NONE, 0, Optional.empty(), false);
        }

        private Waiting handed(Optional<String> signature, Instant now) {
            return new Waiting(message, signature, Optional.of(now), postponed, attempts, resentAs, requeued);
        }

        @Override
        public Id id() {
            return message.id();
        }

        @Override
        public String line() {
            return message.place().line();
        }

        @Override
        public Instant madeAt() {
            return message.createdAt();
        }

        @Override
        public Instant notBefore() {
            return resentAs.isPresent() ? handedAt.orElse(message.createdAt()) : message.createdAt();
        }

        @Override
        public Outgoing outgoing() {
            Message.Content content = message.content();
            return new Outgoing(
                    resentAs.orElse(message.id()),
                    message.place().person(),
                    signed(content.text()),
                    content.firstMedia().map(Message.Media::url).orElse(null),
                    content.firstMedia().map(Message.Media::name).orElse(null),
                    content.sendStyle(),
                    null);
        }

        private @Nullable String signed(@Nullable String text) {
            return signature
                    .map(name -> text == null ? name : name + ": " + text)
                    .orElse(text);
        }
    }

    private static final String FIRST = """
            (SELECT min(id) FROM
                (SELECT min(id) AS id FROM message WHERE conversation_id = ?1 AND status = 'queued'
                 UNION ALL
                 SELECT min(id) FROM message WHERE conversation_id = ?1 AND requeued = 1) AS heads)
            """;

    private static final String HEAD = MessageStore.SELECT.replace("FROM message", """
                    , m.signature, m.handed_at, m.next_attempt_at, m.put_off_at, m.attempts, m.resend_id, m.requeued
                      FROM message""") + "WHERE m.id = " + FIRST;

    private final Transport transport;
    private final Identities identities;
    private final ContactPolicy policy;
    private final Receipts receipts;
    private final ConversationResolver addressing;
    private final Fallback fallback;
    private final MessageStore messages = new MessageStore();
    private final ConnectionStore connections = new ConnectionStore();

    MessageQueue(
            Transport transport,
            Identities identities,
            ContactPolicy policy,
            Receipts receipts,
            ConversationResolver addressing,
            Fallback fallback) {
        this.transport = transport;
        this.identities = identities;
        this.policy = policy;
        this.receipts = receipts;
        this.addressing = addressing;
        this.fallback = fallback;
    }

    /// What waits, by line; only lines with something that does.
    Map<String, Backlog> waiting(Handle reader) {
        return Rows.list(
                        reader,
                        "SELECT min(count(*), ?), min(created_at), line FROM message WHERE status = 'queued' GROUP BY line",
                        row -> Map.entry(row.getString(3), Backlog.of(row)),
                        Backlog.MOST)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// What of the organization waits to be sent. The plus keeps SQLite to the index of what is queued.
    Backlog backlog(Handle reader, OrganizationId organization) {
        return Rows.first(
                        reader,
                        """
                        SELECT count(*), min(created_at)
                          FROM (SELECT created_at FROM message
                                 WHERE status = 'queued' AND +organization_no = <organization> LIMIT ?)
                        """.replace("<organization>", Symbols.of("?")),
                        Backlog::of,
                        organization.text(),
                        Backlog.MOST)
                .orElseThrow();
    }

    @Override
    public Waiting add(Tx tx, Waiting added, Optional<Instant> handedAt) {
        Waiting stored =
                handedAt.map(now -> added.handed(signature(tx, added), now)).orElse(added);
        messages.insert(tx, stored);
        return stored;
    }

    @Override
    public List<Id> due(Handle reader, Instant now) {
        return Rows.list(reader, """
                SELECT id, salt FROM conversation
                 WHERE id IN (
                SELECT conversation_id FROM message m
                 WHERE status = 'queued'
                   AND (next_attempt_at IS NULL OR next_attempt_at <= ?1 OR put_off_at IS NULL OR put_off_at > ?1)
                   AND NOT EXISTS (SELECT 1 FROM message
                                    WHERE conversation_id = m.conversation_id AND status = 'queued' AND id < m.id)
                UNION
                SELECT conversation_id FROM message
                 WHERE requeued = 1
                   AND (next_attempt_at IS NULL OR next_attempt_at <= ?1 OR put_off_at IS NULL OR put_off_at > ?1))
                """, row -> Id.of(row.getLong(1), row.getLong(2)), Timestamps.micros(now));
    }

    @Override
    public Optional<Waiting> head(Tx tx, Id conversation) {
        return Rows.first(
                tx.handle(),
                HEAD,
                row -> new Waiting(
                        MessageStore.message(row),
                        Optional.ofNullable(row.getString(36)),
                        Timestamps.read(row, 37),
                        new Postponement(Timestamps.read(row, 38), Timestamps.read(row, 39)),
                        row.getInt(40),
                        Optional.ofNullable(row.getString(41)).map(Id::parse),
                        row.getBoolean(42)),
                conversation.key());
    }

    @Override
    public Optional<String> first(Handle reader, Id conversation) {
        return Rows.first(
                reader, "SELECT uuid FROM message WHERE id = " + FIRST, row -> row.getString(1), conversation.key());
    }

    @Override
    public boolean exists(Handle reader, Id message) {
        return messages.exists(reader, message);
    }

    /// It may have come to pass since it was accepted that the two must not talk any more.
    @Override
    public boolean mayGo(Tx tx, Waiting head, Instant now) {
        if (head.message().delivery().status() == Message.Status.DELIVERED) {
            // It was to go out once more, and its line says now that the person has it.
            settled(tx, head.id());
            return false;
        }
        Optional<String> refusal = refusal(tx, head.message().place());
        refusal.ifPresent(code -> giveUp(tx, head, Message.Status.DECLINED, code, "", now));
        return refusal.isEmpty();
    }

    private Optional<String> refusal(Tx tx, Message.Place place) {
        boolean connected = connections
                .newest(tx, place.identity(), place.person())
                .filter(Connection::active)
                .filter(connection -> connection.id().equals(place.connection()))
                .isPresent();
        if (!connected) {
            return Optional.of("imessage_assignment_inactive");
        }
        return policy.allows(tx, place.identity(), place.person(), Direction.OUTBOUND)
                ? Optional.empty()
                : Optional.of("recipient_blocked");
    }

    @Override
    public Waiting handOver(Tx tx, Waiting head, Instant now) {
        Optional<String> signature = signature(tx, head);
        tx.run(
                "UPDATE message SET handed_at = ?, next_attempt_at = NULL, signature = ? WHERE id = ?",
                Timestamps.micros(now),
                signature.orElse(null),
                head.id().key());
        return head.handed(signature, now);
    }

    private Optional<String> signature(Tx tx, Waiting head) {
        Message.Place place = head.message().place();
        return addressing.ambiguous(tx, place.person(), place.line())
                ? identities.find(tx, place.identity()).map(Identity::shownName)
                : Optional.empty();
    }

    @Override
    public void putBack(Tx tx, Waiting head, Instant now, Instant due) {
        postpone(tx, head, "NULL", now, due);
    }

    @Override
    public void askAgain(Tx tx, Waiting head, Instant now, Instant due) {
        postpone(tx, head, "min(handed_at, ?1)", now, due);
    }

    private static void postpone(Tx tx, Waiting head, String handedAt, Instant now, Instant due) {
        tx.run(
                "UPDATE message SET attempts = attempts + 1, put_off_at = ?1, next_attempt_at = ?2, handed_at = "
                        + handedAt + " WHERE id = ?3",
                Timestamps.micros(now),
                Timestamps.micros(due),
                head.id().key());
    }

    /// Of what goes out once more, news may have come meanwhile; what it was called the first time is
    /// something else.
    @Override
    public boolean accepted(
            Tx tx, Waiting head, SendResult.Accepted result, Supplier<List<OutgoingQueue.Early>> early, Instant now) {
        if (transport.isSystemMessage(tx, head.line(), result.providerId())) {
            return false;
        }
        if (!head.requeued()) {
            return receipts.accepted(tx, head.message(), result, early, now);
        }
        if (messages.byProviderId(tx, head.line(), result.providerId()).isPresent()) {
            return false;
        }
        settled(tx, head.id());
        Message known = messages.byKey(tx.handle(), head.id().key()).orElse(head.message());
        return receipts.accepted(tx, known, result, early, now);
    }

    @Override
    public void refused(Tx tx, Waiting head, SendResult.Refused result, Instant now) {
        if (!fallback.refused(tx, head.message(), result.code())) {
            giveUp(tx, head, Message.Status.DECLINED, result.code(), result.detail(), now);
        }
    }

    @Override
    public void failed(Tx tx, Waiting head, String code, String detail, Instant now) {
        giveUp(tx, head, Message.Status.ERROR, code, detail, now);
    }

    /// What its line took once is no longer declined.
    private void giveUp(Tx tx, Waiting head, Message.Status status, String code, String words, Instant now) {
        if (head.requeued()) {
            settled(tx, head.id());
        }
        receipts.failed(tx, head.message(), head.requeued() ? Message.Status.ERROR : status, code, words, now);
    }

    @Override
    public void setAside(Tx tx, String message, Instant now) {
        Failure failure = new Failure(Outbox.INTERNAL, "Delivery failed", null, null);
        tx.run(
                """
                UPDATE message SET status = 'error', requeued = 0, error_code = ?1, error_message = ?2,
                                   error_reason = ?1, error_detail = ?3, failed_at = ?4, updated_at = ?4
                 WHERE id = ?5
                """,
                failure.code(),
                failure.message(),
                failure.detail(),
                Timestamps.micros(now),
                Id.parse(message).key());
    }

    /// What went out once more is settled.
    private static void settled(Tx tx, Id message) {
        tx.run("UPDATE message SET requeued = 0 WHERE id = ?", message.key());
    }
}
