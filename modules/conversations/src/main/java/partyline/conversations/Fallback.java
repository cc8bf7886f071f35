package partyline.conversations;

import java.util.Optional;
import java.util.function.Consumer;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Tx;
import partyline.transport.Line;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// Another way for a message whose person turns out to have no iMessage: over the line that stands in for its
/// own, or as SMS over the same one. Once for each message: what fails again has failed.
final class Fallback {

    private final Transport transport;
    private final Addressing addressing;
    private final Ids ids;
    private final Consumer<Id> wake;
    private final SendQueue queue = new SendQueue();
    private final ConnectionStore connections = new ConnectionStore();

    /// `wake` takes the conversation in which there is something to send again.
    Fallback(Transport transport, Addressing addressing, Ids ids, Consumer<Id> wake) {
        this.transport = transport;
        this.addressing = addressing;
        this.ids = ids;
        this.wake = wake;
    }

    /// The line refused to take `message`. Its driver would have sent an SMS if it could, so only another
    /// line helps. False when there is none.
    boolean refused(Tx tx, Message message, String code) {
        Optional<String> other = other(message, code);
        if (other.isEmpty() || queue.wasRerouted(tx, message.id())) {
            return false;
        }
        queue.reroute(tx, message.id(), other.get());
        focus(tx, message, other.get());
        return true;
    }

    /// The line took `message`, and says now that it failed, which its driver has learnt. True when it goes
    /// out once more, or does so already; nobody is told of the failure then.
    boolean failed(Tx tx, Message message, String code) {
        if (queue.isRequeued(tx, message.id())) {
            return true;
        }
        MessageStatus status = message.delivery().status();
        boolean underWay = status == MessageStatus.ACCEPTED || status == MessageStatus.SENT;
        Optional<String> line = other(message, code).or(() -> asSms(message, code));
        if (!underWay || line.isEmpty() || queue.wasRerouted(tx, message.id())) {
            return false;
        }
        queue.sendAgain(tx, message.id(), line.get(), ids.next());
        focus(tx, message, line.get());
        tx.afterCommit(() -> wake.accept(message.place().conversation()));
        return true;
    }

    private Optional<String> other(Message message, String code) {
        return code.equals(SendResult.Refused.NO_IMESSAGE)
                ? transport.fallback(message.place().line()).map(Line::id)
                : Optional.empty();
    }

    private Optional<String> asSms(Message message, String code) {
        return code.equals(SendResult.Refused.NO_IMESSAGE)
                ? transport
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
