package partyline.conversations;

import java.util.Optional;
import java.util.function.Consumer;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Rows;
import partyline.kernel.Tx;
import partyline.transport.Line;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// Another way for a message whose person turns out to have no iMessage: over the line that stands in for its
/// own, or as SMS over the same one. Once for each message: what fails again has failed.
final class Fallback {

    private final Transport transport;
    private final ConversationResolver addressing;
    private final Ids ids;
    private final Consumer<Id> wake;
    private final ConnectionStore connections = new ConnectionStore();

    /// `wake` takes the conversation in which there is something to send again.
    Fallback(Transport transport, ConversationResolver addressing, Ids ids, Consumer<Id> wake) {
        this.transport = transport;
        this.addressing = addressing;
        this.ids = ids;
        this.wake = wake;
    }

    /// The line refused to take `message`. Its driver would have sent an SMS if it could, so only another
    /// line helps. False when there is none.
    boolean refused(Tx tx, Message message, String code) {
        Optional<String> other = other(message, code);
        if (other.isEmpty() || is(tx, message, "resend_id IS NOT NULL")) {
            return false;
        }
        // The other line knows it by no other name.
        tx.run(
                "UPDATE message SET line = ?1, resend_id = ?2, handed_at = NULL, next_attempt_at = NULL WHERE id = ?3",
                other.get(),
                message.id().text(),
                message.id().key());
        focus(tx, message, other.get());
        return true;
    }

    /// The line took `message`, and says now that it failed, which its driver has learnt. True when it goes
    /// out once more, or does so already; nobody is told of the failure then.
    boolean failed(Tx tx, Message message, String code) {
        if (is(tx, message, "requeued = 1")) {
            return true;
        }
        Message.Status status = message.delivery().status();
        boolean underWay = status == Message.Status.ACCEPTED || status == Message.Status.SENT;
        Optional<String> line = other(message, code).or(() -> asSms(message, code));
        if (!underWay || line.isEmpty() || is(tx, message, "resend_id IS NOT NULL")) {
            return false;
        }
        sendAgain(tx, message.id(), line.get());
        focus(tx, message, line.get());
        tx.afterCommit(() -> wake.accept(message.place().conversation()));
        return true;
    }

    /// Under a name that no driver knows. What the line called it stays while the line is the same, for news of it may
    /// still come.
    private void sendAgain(Tx tx, Id message, String line) {
        tx.run("""
                UPDATE message
                   SET provider_id = CASE WHEN line = ?1 THEN provider_id END, line = ?1, resend_id = ?2, requeued = 1,
                       attempts = 0, handed_at = NULL, next_attempt_at = NULL
                 WHERE id = ?3
                """, line, ids.next().text(), message.key());
    }

    private static boolean is(Tx tx, Message message, String condition) {
        return Rows.exist(
                tx.handle(),
                "SELECT 1 FROM message WHERE id = ? AND " + condition,
                message.id().key());
    }

    private Optional<String> other(Message message, String code) {
        return code.equals(SendResult.Refused.NO_IMESSAGE)
                ? transport.lines().fallback(message.place().line()).map(Line::id)
                : Optional.empty();
    }

    private Optional<String> asSms(Message message, String code) {
        return code.equals(SendResult.Refused.NO_IMESSAGE)
                ? transport
                        .lines()
                        .line(message.place().line())
                        .filter(line -> line.fallback() == Line.Fallback.SMS)
                        .map(Line::id)
                : Optional.empty();
    }

    private void focus(Tx tx, Message message, String line) {
        connections
                .active(tx.handle(), message.place().identity(), message.place().person())
                .ifPresent(connection -> addressing.focus(tx, line, connection));
    }
}
