package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.result.ResultIterator;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.rules.Direction;
import tools.jackson.databind.node.ObjectNode;

/// Stops an agent and another program that answer each other for ever. An alternation is a text of the person and the
/// agent's reply to it; one too many within a minute pauses the agent's side for five minutes. However much either side
/// says in a row is its own affair.
///
/// What was said is read from the messages, in the transaction of the send that it judges, so a restart forgets
/// nothing.
final class LoopGuard {

    private static final String TYPE = "conversation.paused";
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMinutes(5);
    /// Where a minute holds more messages than this, the older ones are not looked at.
    private static final int MOST = 2_000;

    private final EventPublisher announcer;
    private final int limit;
    private final ConversationStore conversations = new ConversationStore();

    /// Who spoke, and when.
    private record Turn(boolean outbound, Instant at) {

        static Turn of(ResultSet row) throws SQLException {
            return new Turn(row.getBoolean("outbound"), Timestamps.instant(row.getLong("created_at")));
        }
    }

    /// `limit` 0 lets everything pass.
    LoopGuard(EventPublisher announcer, int limit) {
        this.announcer = announcer;
        this.limit = limit;
    }

    /// Until when the agent may not send, which may begin with this send; empty when it may.
    Optional<Instant> pausedUntil(Tx tx, ConversationStore.Row conversation, Connection connection, Instant now) {
        if (limit == 0) {
            return Optional.empty();
        }
        Optional<Instant> running = conversation.pausedUntil().filter(now::isBefore);
        if (running.isPresent() || !loops(tx, conversation.id(), now.minus(WINDOW))) {
            return running;
        }
        Instant until = now.plus(PAUSE);
        conversations.pause(tx, conversation.id(), until);
        announcer.announce(
                tx,
                new Event.Draft(
                        connection.organization(),
                        Optional.of(connection.identity()),
                        Optional.of(conversation.id()),
                        Optional.of(connection.person()),
                        TYPE,
                        eventData(conversation.id(), connection, until)),
                Direction.OUTBOUND);
        return Optional.of(until);
    }

    /// Whether a message of the agent now would be one alternation too many since then. It reads back from the newest
    /// message, and no further than it must: of an agent that spoke last, that one alone.
    private boolean loops(Tx tx, Id conversation, Instant since) {
        try (ResultIterator<Turn> newestFirst = tx.handle()
                .createQuery("""
                        SELECT outbound, created_at FROM message
                         WHERE conversation_id = :conversation AND is_blocked = 0 ORDER BY id DESC LIMIT :most
                        """)
                .bind("conversation", conversation.key())
                .bind("most", MOST)
                .map((row, _) -> Turn.of(row))
                .iterator()) {
            int alternations = 0;
            boolean replied = true;
            while (newestFirst.hasNext() && alternations <= limit) {
                Turn turn = newestFirst.next();
                if (!turn.at().isAfter(since) || alternations == 0 && turn.outbound()) {
                    return false;
                }
                alternations += replied && !turn.outbound() ? 1 : 0;
                replied = turn.outbound();
            }
            return alternations > limit;
        }
    }

    private String eventData(Id conversation, Connection connection, Instant until) {
        ObjectNode data = Json.object();
        ObjectNode paused = data.putObject("conversation");
        paused.put("id", conversation.text());
        paused.put("assignment_id", connection.id().text());
        paused.put("agent_identity_id", connection.identity().text());
        paused.put("remote_number", connection.person().text());
        paused.put("paused_until", Timestamps.iso(until));
        paused.put("paused_reason", "More than %d texts and replies in turn within a minute.".formatted(limit));
        return Json.write(data);
    }
}
