package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Backlog;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Postponement;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// What the router says to people, kept in the `transport_outbox` table: waiting while `due_at` is set. Ids grow, so
/// their order is the order of saying. An answer that comes an hour late answers nothing, and is given up.
final class SystemMessages implements OutgoingQueue<PhoneNumber, SystemMessages.Waiting> {

    /// How long one is tried.
    static final Duration PATIENCE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SystemMessages.class);
    /// How long receipts of what was said are recognized.
    private static final Duration MEMORY = Duration.ofDays(7);

    /// One that is still to be said, or, with `handedAt`, may have been.
    record Waiting(
            Id id,
            String line,
            Outgoing outgoing,
            Instant madeAt,
            int attempts,
            Postponement postponed,
            Optional<Instant> handedAt)
            implements Head {

        static Waiting of(Id id, Transport.SystemMessage message, Instant now) {
            return new Waiting(
                    id,
                    message.line(),
                    new Outgoing(id, message.to(), message.text(), null, null, null, message.contactCard()),
                    now,
                    0,
                    Postponement.NONE,
                    Optional.empty());
        }

        Waiting handed(Optional<Instant> at) {
            return new Waiting(id, line, outgoing, madeAt, attempts, postponed, at);
        }
    }

    @Override
    public Waiting add(Tx tx, Waiting added, Optional<Instant> handedAt) {
        Outgoing outgoing = added.outgoing();
        tx.run(
                """
                INSERT INTO transport_outbox (id, line, person, text, contact_card, made_at, due_at, handed_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
                """,
                added.id().text(),
                added.line(),
                outgoing.to().text(),
                outgoing.text(),
                outgoing.contactCard(),
                Timestamps.micros(added.madeAt()),
                handedAt.map(Timestamps::micros).orElse(null));
        return added.handed(handedAt);
    }

    @Override
    public List<PhoneNumber> due(Handle reader, Instant now) {
        return Rows.list(reader, """
                SELECT person FROM transport_outbox o
                 WHERE due_at IS NOT NULL
                   AND (due_at <= ?1 OR put_off_at IS NULL OR put_off_at > ?1)
                   AND NOT EXISTS (SELECT 1 FROM transport_outbox
                                    WHERE person = o.person AND due_at IS NOT NULL AND id < o.id)
                """, row -> new PhoneNumber(row.getString(1)), Timestamps.micros(now));
    }

    /// What waits to be said.
    static Backlog backlog(Handle reader) {
        return Rows.first(
                        reader,
                        "SELECT count(*), min(made_at) FROM"
                                + " (SELECT made_at FROM transport_outbox WHERE due_at IS NOT NULL LIMIT ?)",
                        Backlog::of,
                        Backlog.MOST)
                .orElseThrow();
    }

    @Override
    public Optional<Waiting> head(Tx tx, PhoneNumber person) {
        return Rows.first(
                tx.handle(),
                """
                SELECT id, line, text, contact_card, made_at, attempts, due_at, put_off_at, handed_at
                  FROM transport_outbox
                 WHERE person = ? AND due_at IS NOT NULL
                 ORDER BY id
                 LIMIT 1
                """,
                row -> {
                    Id id = Id.parse(row.getString(1));
                    return new Waiting(
                            id,
                            row.getString(2),
                            new Outgoing(id, person, row.getString(3), null, null, null, row.getString(4)),
                            Timestamps.instant(row.getLong(5)),
                            row.getInt(6),
                            Postponement.read(row, "due_at"),
                            Timestamps.read(row, "handed_at"));
                },
                person.text());
    }

    @Override
    public Optional<String> first(Handle reader, PhoneNumber person) {
        return Rows.first(
                reader,
                "SELECT id FROM transport_outbox WHERE person = ? AND due_at IS NOT NULL ORDER BY id LIMIT 1",
                row -> row.getString(1),
                person.text());
    }

    @Override
    public boolean exists(Handle reader, Id id) {
        return Rows.exist(reader, "SELECT 1 FROM transport_outbox WHERE id = ?", id.text());
    }

    @Override
    public boolean mayGo(Tx tx, Waiting head, Instant now) {
        return true;
    }

    @Override
    public Waiting handOver(Tx tx, Waiting head, Instant now) {
        tx.run(
                "UPDATE transport_outbox SET handed_at = ? WHERE id = ?",
                Timestamps.micros(now),
                head.id().text());
        return head.handed(Optional.of(now));
    }

    @Override
    public void putBack(Tx tx, Waiting head, Instant now, Instant due) {
        postpone(tx, head, "NULL", now, due);
    }

    @Override
    public void askAgain(Tx tx, Waiting head, Instant now, Instant due) {
        postpone(tx, head, "min(handed_at, ?2)", now, due);
    }

    private static void postpone(Tx tx, Waiting head, String handedAt, Instant now, Instant due) {
        tx.run(
                "UPDATE transport_outbox SET attempts = attempts + 1, due_at = ?1, put_off_at = ?2, handed_at = "
                        + handedAt + " WHERE id = ?3",
                Timestamps.micros(due),
                Timestamps.micros(now),
                head.id().text());
    }

    /// Receipts of what the router said have told all that they can. A tapback in words may quote it as long as it is
    /// kept.
    @Override
    public boolean accepted(
            Tx tx, Waiting head, SendResult.Accepted result, Supplier<List<OutgoingQueue.Early>> early, Instant now) {
        if (wasSaid(tx, head.line(), result.providerId())) {
            return false;
        }
        early.get();
        tx.run("""
                UPDATE transport_outbox
                   SET due_at = NULL, contact_card = NULL, provider_id = ?, said_at = ?
                 WHERE id = ?
                """, result.providerId(), Timestamps.micros(now), head.id().text());
        return true;
    }

    @Override
    public void refused(Tx tx, Waiting head, SendResult.Refused result, Instant now) {
        failed(tx, head, result.code(), result.detail(), now);
    }

    @Override
    public void failed(Tx tx, Waiting head, String code, String detail, Instant now) {
        setAside(tx, head.id().text(), now);
        LOG.error(
                "event=words_given_up outbox_id={} line={} code={}"
                        + " fix=\"look how the line is (GET /api/v1/lines); the person did not hear these words\"",
                head.id(),
                head.line(),
                code);
    }

    @Override
    public void setAside(Tx tx, String id, Instant now) {
        tx.run("DELETE FROM transport_outbox WHERE id = ?", id);
    }

    boolean wasSaid(Tx tx, String line, String providerId) {
        return Rows.exist(
                tx.handle(), "SELECT 1 FROM transport_outbox WHERE line = ? AND provider_id = ?", line, providerId);
    }

    /// What was said to `person` on `line` and is kept, newest first.
    List<InboundHandler.RecentText> said(Handle reader, String line, PhoneNumber person) {
        return Rows.list(
                reader,
                """
                SELECT provider_id, text FROM transport_outbox
                 WHERE line = ? AND person = ? AND provider_id IS NOT NULL
                 ORDER BY id DESC
                """,
                row -> new InboundHandler.RecentText(row.getString(1), row.getString(2), false, true),
                line,
                person.text());
    }

    void prune(Tx tx, Instant now) {
        tx.run("DELETE FROM transport_outbox WHERE said_at < ?", Timestamps.micros(now.minus(MEMORY)));
    }
}
