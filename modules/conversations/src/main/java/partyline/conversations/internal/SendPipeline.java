package partyline.conversations.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.Connection;
import partyline.conversations.Message;
import partyline.conversations.Message.Failure;
import partyline.conversations.MessageStatus;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Lanes;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.transport.Handover;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// Sends what is queued: in order within a conversation, conversations independent of each other.
///
/// A message is marked as handed over, on disk, before its driver sees it. From then on it is never simply sent again:
/// after a restart, or when the driver does not know, the driver is asked by the message's id what became of it, for
/// ten minutes at most. Thread-safe.
public final class SendPipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SendPipeline.class);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Duration ASK_FOR = Duration.ofMinutes(10);
    private static final Duration TRY_FOR = Duration.ofHours(24);
    /// After a send that certainly did not happen; the last delay repeats.
    private static final List<Duration> RETRY = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10));
    /// What is due later than this was put off by a clock that has gone back since, and is due now.
    private static final Duration LONGEST_WAIT = RETRY.getLast();
    /// Between two questions about a send that may have happened; the last delay repeats.
    private static final List<Duration> ASK =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(1));

    /// What to do with the head of a queue now.
    private sealed interface Step {

        record Rest() implements Step {}

        record Wait(Duration delay) implements Step {}

        record GoOn() implements Step {}

        /// `signature` is the agent's name, where the person must be told who speaks.
        record Send(Message message, Optional<String> signature, Optional<Instant> handedBefore) implements Step {}
    }

    private final Storage storage;
    private final Transport transport;
    private final Reach reach;
    private final Receipts receipts;
    private final Addressing addressing;
    private final SendQueue queue = new SendQueue();
    private final MessageStore messages = new MessageStore();
    private final ConnectionStore connections = new ConnectionStore();
    private final Lanes<Id> lanes = new Lanes<>("send", this::drain);

    public SendPipeline(Storage storage, Transport transport, Reach reach, Receipts receipts, Addressing addressing) {
        this.addressing = addressing;
        this.storage = storage;
        this.transport = transport;
        this.reach = reach;
        this.receipts = receipts;
    }

    /// Takes up what an earlier run left, and looks again now and then.
    public void start() {
        look();
        lanes.sweep(SWEEP, this::look);
    }

    public void wake(Id conversation) {
        lanes.wake(conversation);
    }

    @Override
    public void close() {
        lanes.close();
    }

    public Map<String, Instant> waitingSince(Handle handle) {
        return queue.oldest(handle);
    }

    /// Wakes every conversation with something to send.
    public void look() {
        storage.database()
                .<List<Id>>write(tx -> {
                    receipts.prune(tx);
                    return queue.conversations(tx);
                })
                .forEach(lanes::wake);
    }

    private void drain(Id conversation) {
        Step step = storage.database().write(tx -> next(tx, conversation));
        while (!Thread.currentThread().isInterrupted()) {
            switch (step) {
                case Step.Rest _ -> {
                    return;
                }
                case Step.Wait wait -> {
                    lanes.wakeAfter(conversation, wait.delay());
                    return;
                }
                case Step.GoOn _ -> step = storage.database().write(tx -> next(tx, conversation));
                case Step.Send send ->
                    step = storage.database().during(send.message().place().person(), () -> carryOut(send));
            }
        }
    }

    private Step next(Tx tx, Id conversation) {
        Optional<SendQueue.Head> found = queue.head(tx, conversation);
        if (found.isEmpty()) {
            return new Step.Rest();
        }
        SendQueue.Head head = found.get();
        Instant now = storage.clock().instant();
        Duration wait = head.dueAt().map(due -> Duration.between(now, due)).orElse(Duration.ZERO);
        if (wait.isPositive() && wait.compareTo(LONGEST_WAIT) <= 0) {
            return new Step.Wait(wait);
        }
        if (head.handedAt().isPresent()) {
            return new Step.Send(head.message(), head.signature(), head.handedAt());
        }
        Optional<Failure> refusal = refusal(tx, head.message());
        if (refusal.isPresent()) {
            receipts.failed(tx, head.message(), MessageStatus.DECLINED, refusal.get(), now);
            return new Step.GoOn();
        }
        Optional<Duration> rest = transport.takeTurn(head.message().place().line());
        if (rest.isPresent()) {
            return new Step.Wait(rest.get());
        }
        Optional<String> signature = signature(tx, head.message().place());
        queue.hand(tx, head.message().id(), now, signature.orElse(null));
        return new Step.Send(head.message(), signature, Optional.empty());
    }

    private Optional<String> signature(Tx tx, Message.Place place) {
        return addressing.ambiguous(tx, place.person(), place.line())
                ? reach.owner(tx, place.identity()).map(Identity::shownName)
                : Optional.empty();
    }

    /// Why the message may no longer go out, although it might when it was accepted.
    private Optional<Failure> refusal(Tx tx, Message message) {
        Message.Place place = message.place();
        boolean connected = connections
                .active(tx.handle(), place.identity(), place.person())
                .filter(Connection::active)
                .filter(connection -> connection.id().equals(place.connection()))
                .isPresent();
        if (!connected) {
            return Optional.of(declined("imessage_assignment_inactive", "The person disconnected before it was sent."));
        }
        return reach.open(tx, place.identity(), place.person())
                ? Optional.empty()
                : Optional.of(
                        declined("recipient_blocked", "Sending to this person was switched off before it was sent."));
    }

    /// Sends, and stores what came of it together with the next step. The person may have been forgotten meanwhile;
    /// then there is nothing left to send.
    private Step carryOut(Step.Send send) {
        Message message = send.message();
        if (!storage.database().read(handle -> messages.exists(handle, message.id()))) {
            return new Step.GoOn();
        }
        Outgoing outgoing = new Outgoing(
                message.id(),
                message.place().person(),
                text(message, send.signature()),
                message.content().firstMediaUrl().orElse(null),
                message.content().sendStyle(),
                null);
        String line = message.place().line();
        SendResult result = send.handedBefore()
                .map(at -> new Handover(message.createdAt(), at)
                        .since(storage.clock().instant()))
                .map(since -> transport.reconcile(line, outgoing, since))
                .orElseGet(() -> transport.send(line, outgoing));
        return storage.database().write(tx -> {
            conclude(tx, message, result);
            return next(tx, message.place().conversation());
        });
    }

    private static @Nullable String text(Message message, Optional<String> signature) {
        String text = message.content().text();
        return signature.map(name -> text == null ? name : name + ": " + text).orElse(text);
    }

    private void conclude(Tx tx, Message message, SendResult result) {
        Instant now = storage.clock().instant();
        switch (result) {
            case SendResult.Accepted accepted -> accept(tx, message, accepted, now);
            case SendResult.Refused refused -> refused(tx, message, refused, now);
            case SendResult.NotSent notSent -> retry(tx, message, notSent, now);
            case SendResult.Unknown(var detail) -> ask(tx, message, detail, now);
        }
    }

    /// Declined, unless another line stands in for people without iMessage.
    private void refused(Tx tx, Message message, SendResult.Refused result, Instant now) {
        Optional<Line> other = result.code().equals(SendResult.Refused.NO_IMESSAGE)
                ? transport.fallback(message.place().line())
                : Optional.empty();
        if (other.isEmpty()) {
            receipts.failed(tx, message, MessageStatus.DECLINED, declined(result.code(), result.detail()), now);
            return;
        }
        String line = other.get().id();
        queue.reroute(tx, message.id(), line);
        connections
                .active(tx.handle(), message.place().identity(), message.place().person())
                .ifPresent(connection -> addressing.focus(tx, line, connection));
    }

    private void accept(Tx tx, Message message, SendResult.Accepted accepted, Instant now) {
        Message current = Progress.accepted(message, accepted, now).orElse(message);
        messages.update(tx, current, accepted.providerId());
        if (accepted.sentAtOnce()) {
            current = receipts.sent(tx, current, now);
        }
        String providerId = accepted.providerId();
        receipts.catchUp(
                tx,
                current,
                providerId,
                transport.claimReceipts(tx, message.place().line(), providerId));
    }

    private void retry(Tx tx, Message message, SendResult.NotSent result, Instant now) {
        String detail = result.detail();
        if (Duration.between(message.createdAt(), now).compareTo(TRY_FOR) > 0) {
            receipts.failed(tx, message, MessageStatus.ERROR, error("not_sent", detail), now);
            return;
        }
        LOG.info("event=send_postponed message={} detail=\"{}\"", message.id(), detail);
        queue.putBack(tx, message.id(), now.plus(result.pause().orElseGet(() -> delay(RETRY, attempts(tx, message)))));
    }

    private void ask(Tx tx, Message message, String detail, Instant now) {
        Instant handed = queue.head(tx, message.place().conversation())
                .flatMap(SendQueue.Head::handedAt)
                .orElse(now);
        if (Duration.between(handed, now).compareTo(ASK_FOR) > 0) {
            receipts.failed(tx, message, MessageStatus.ERROR, error(Progress.OUTCOME_UNKNOWN, detail), now);
            return;
        }
        LOG.info("event=send_unknown message={} detail=\"{}\"", message.id(), detail);
        queue.askAgain(tx, message.id(), now, now.plus(delay(ASK, attempts(tx, message))));
    }

    private int attempts(Tx tx, Message message) {
        return queue.head(tx, message.place().conversation())
                .map(SendQueue.Head::attempts)
                .orElse(0);
    }

    private static Duration delay(List<Duration> schedule, int attempt) {
        return schedule.get(Math.min(attempt, schedule.size() - 1));
    }

    private static Failure declined(String code, String detail) {
        return new Failure(code, "The message was not sent", code, detail);
    }

    private static Failure error(String code, String detail) {
        return new Failure(code, "Delivery failed", code, detail);
    }
}
