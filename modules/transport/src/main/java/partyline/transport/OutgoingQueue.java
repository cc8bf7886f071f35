package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Id;
import partyline.kernel.Postponement;
import partyline.kernel.Tx;

/// What goes out, in order for each key, as its owner keeps it: conversations in their messages, by conversation; the
/// router's texts in a table of their own, by person. [Outbox] sends it. No row is copied into a queue; all calls but
/// [#due] and [#first] are part of the transaction in which the head was read.
public interface OutgoingQueue<K, H extends OutgoingQueue.Head> {

    /// What was done about something of ours before anybody knew what its line calls it. It waits for that, a
    /// day at most.
    sealed interface Early permits Receipt, InboundEvent.TapbackReceived {}

    /// The head of a key's queue. With [#handedAt] the driver may have seen it: it stays the head until its outcome is
    /// known.
    interface Head {

        Id id();

        String line();

        /// What the driver gets, with the name that it is known by there for ever.
        Outgoing outgoing();

        Instant madeAt();

        /// How often it was put back or asked about.
        int attempts();

        Postponement postponed();

        Optional<Instant> handedAt();

        /// Before this it was certainly not sent, by the clock of that moment.
        default Instant notBefore() {
            return madeAt();
        }
    }

    /// What was certainly not sent before `notBefore` and handed over at `handed` is looked for from then on; or, where
    /// the clock went back since and nobody knows when that was, among everything of a day: what was not
    /// found is sent again.
    static Instant since(Instant notBefore, Instant handed, Instant now) {
        boolean wentBack = handed.isAfter(now) || notBefore.isAfter(handed);
        return wentBack ? now.minus(Duration.ofDays(1)) : notBefore;
    }

    /// Stores what is new, and may go, last in its queue; with `handedAt` its driver gets it right after
    /// this, since nothing is before it. Returns it as it goes out.
    H add(Tx tx, H added, Optional<Instant> handedAt);

    /// The keys whose head is due.
    List<K> due(Handle reader, Instant now);

    Optional<H> head(Tx tx, K key);

    /// The id of the head, also where the rest of its row cannot be read.
    Optional<String> first(Handle reader, K key);

    /// Whether it is still there: its person may have been forgotten.
    boolean exists(Handle reader, Id id);

    /// The last look before the driver gets it; false when it may not go out any more, and is out of the queue.
    boolean mayGo(Tx tx, H head, Instant now);

    /// Notes that the driver gets it now; returns it as it goes out.
    H handOver(Tx tx, H head, Instant now);

    /// It was certainly not sent: it will be handed over again, not before `due`.
    void putBack(Tx tx, H head, Instant now, Instant due);

    /// It may have been sent: its driver will be asked at `due`. What was handed over in the future, by a clock that
    /// has gone back since, counts as handed over now.
    void askAgain(Tx tx, H head, Instant now, Instant due);

    /// The line took it. `early` takes what came before anybody knew the id, oldest first. False, and
    /// nothing has changed, when the line calls something else by this id.
    boolean accepted(Tx tx, H head, SendResult.Accepted result, Supplier<List<Early>> early, Instant now);

    /// The line will never take it.
    void refused(Tx tx, H head, SendResult.Refused result, Instant now);

    /// Given up, with one of the codes of [Outbox]; `detail` is what the driver said last.
    void failed(Tx tx, H head, String code, String detail, Instant now);

    /// It cannot even be read: out of the queue, by its id alone.
    void setAside(Tx tx, String id, Instant now);
}
