package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.Message.Failure;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Failures;
import partyline.kernel.Id;
import partyline.kernel.Lanes;
import partyline.kernel.Overloaded;
import partyline.kernel.Storage;
import partyline.kernel.StorageFull;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Transport;

/// Sends what is queued: in order within a conversation, conversations independent of each other.
///
/// A message is marked as handed over, on disk, before its driver sees it. From then on it is never simply sent again:
/// after a restart, or when the driver does not know, the driver is asked by the message's id what became of it, for
/// ten minutes at most. Thread-safe.
final class SendPipeline implements AutoCloseable {

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
    /// Between two questions about a send that may have happened; the last delay repeats.
    private static final List<Duration> ASK =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(1));

    /// What to do with the head of a queue now.
    private sealed interface Step {

        record Rest() implements Step {}

        record Wait(Duration delay) implements Step {}

        record GoOn() implements Step {}

        /// `signature` is the agent's name, where the person must be told who speaks.
        record Send(SendQueue.Head head, Optional<String> signature) implements Step {}
    }

    private final Storage storage;
    private final Transport transport;
    private final Identities identities;
    private final ContactPolicy policy;
    private final Receipts receipts;
    private final Addressing addressing;
    private final Fallback fallback;
    private final Failures<Id> failures = new Failures<>();
    private final SendQueue queue = new SendQueue();
    private final MessageStore messages = new MessageStore();
    private final ConnectionStore connections = new ConnectionStore();
    private final Lanes<Id> lanes = new Lanes<>("send", this::drain);

    SendPipeline(
            Storage storage,
            Transport transport,
            Identities identities,
            ContactPolicy policy,
            Receipts receipts,
            Addressing addressing,
            Fallback fallback) {
        this.addressing = addressing;
        this.fallback = fallback;
        this.storage = storage;
        this.transport = transport;
        this.identities = identities;
        this.policy = policy;
        this.receipts = receipts;
    }

    /// Takes up what an earlier run left, and looks again now and then.
    void start() {
        look();
        lanes.sweep(SWEEP, this::look);
    }

    void wake(Id conversation) {
        lanes.wake(conversation);
    }

    @Override
    public void close() {
        lanes.close();
    }

    Map<String, Instant> waitingSince(Handle handle) {
        return queue.oldest(handle);
    }

    /// Wakes every conversation that has something due.
    void look() {
        receipts.prune();
        Instant now = storage.clock().instant();
        storage.database().read(handle -> queue.due(handle, now)).forEach(lanes::wake);
    }

    private void drain(Id conversation) {
        try {
            sendWhatIsDue(conversation);
            failures.clear(conversation);
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            storage.database()
                    .read(handle -> queue.first(handle, conversation))
                    .ifPresent(first -> failed(conversation, first, e));
        }
    }

    /// A few times it may be an accident; then the message is set aside, so that those behind it can go.
    private void failed(Id conversation, String first, RuntimeException cause) {
        Optional<Duration> pause = failures.failed(conversation, first);
        if (pause.isPresent()) {
            LOG.warn("event=send_failed message={}", first, cause);
            lanes.rest(conversation, pause.get());
            return;
        }
        LOG.error("event=message_set_aside message={}", first, cause);
        Instant now = storage.clock().instant();
        try {
            storage.database().update(tx -> {
                SendQueue.Head head = queue.head(tx, conversation)
                        .filter(it -> it.message().id().text().equals(first))
                        .orElseThrow();
                String code = head.handedAt().isPresent() ? Progress.OUTCOME_UNKNOWN : FailureTexts.INTERNAL;
                giveUp(tx, head, MessageStatus.ERROR, code, "set aside", now);
            });
        } catch (RuntimeException unreadable) {
            Failure failure = new Failure(FailureTexts.INTERNAL, "Delivery failed", null, null);
            storage.database().update(tx -> queue.setAside(tx, first, failure, now));
        }
        lanes.wake(conversation);
    }

    private void sendWhatIsDue(Id conversation) {
        Step step = storage.database().write(tx -> next(tx, conversation));
        while (!Thread.currentThread().isInterrupted()) {
            switch (step) {
                case Step.Rest _ -> {
                    return;
                }
                case Step.Wait wait -> {
                    lanes.rest(conversation, wait.delay());
                    return;
                }
                case Step.GoOn _ -> step = storage.database().write(tx -> next(tx, conversation));
                case Step.Send send ->
                    step = storage.database()
                            .during(send.head().message().place().person(), () -> carryOut(send));
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
        Duration wait = head.postponed().left(now);
        if (wait.isPositive()) {
            return new Step.Wait(wait);
        }
        if (head.handedAt().isPresent()) {
            return new Step.Send(head, head.signature());
        }
        if (head.message().delivery().status() == MessageStatus.DELIVERED) {
            // It was to go out once more, and its line says now that the person has it.
            queue.settled(tx, head.message().id());
            return new Step.GoOn();
        }
        Optional<String> refusal = refusal(tx, head.message());
        if (refusal.isPresent()) {
            giveUp(tx, head, MessageStatus.DECLINED, refusal.get(), "", now);
            return new Step.GoOn();
        }
        Optional<Duration> rest = transport.takeTurn(head.message().place().line(), head.clientId());
        if (rest.isPresent()) {
            return new Step.Wait(rest.get());
        }
        Optional<String> signature = signature(tx, head.message().place());
        queue.hand(tx, head.message().id(), now, signature.orElse(null));
        return new Step.Send(head, signature);
    }

    private Optional<String> signature(Tx tx, Message.Place place) {
        return addressing.ambiguous(tx, place.person(), place.line())
                ? identities.find(tx, place.identity()).map(Identity::shownName)
                : Optional.empty();
    }

    /// Why the message may no longer go out, although it might when it was accepted.
    private Optional<String> refusal(Tx tx, Message message) {
        Message.Place place = message.place();
        boolean connected = connections
                .active(tx.handle(), place.identity(), place.person())
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

    /// Sends, and stores what came of it together with the next step. The person may have been forgotten meanwhile;
    /// then there is nothing left to send.
    private Step carryOut(Step.Send send) {
        SendQueue.Head head = send.head();
        Message message = head.message();
        if (!storage.database().read(handle -> messages.exists(handle, message.id()))) {
            return new Step.GoOn();
        }
        Outgoing outgoing = new Outgoing(
                head.clientId(),
                message.place().person(),
                text(message, send.signature()),
                message.content().firstMediaUrl().orElse(null),
                message.content().sendStyle(),
                null);
        String line = message.place().line();
        SendResult result = head.handedAt()
                .map(handed -> head.since(handed, storage.clock().instant()))
                .map(since -> transport.reconcile(line, outgoing, since))
                .orElseGet(() -> transport.send(line, outgoing));
        try {
            return storage.database().write(tx -> {
                conclude(tx, head, result);
                return next(tx, message.place().conversation());
            });
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            // What came of this one is known, whatever is wrong with the one behind it.
            storage.database().update(tx -> conclude(tx, head, result));
            return new Step.GoOn();
        }
    }

    private static @Nullable String text(Message message, Optional<String> signature) {
        String text = message.content().text();
        return signature.map(name -> text == null ? name : name + ": " + text).orElse(text);
    }

    private void conclude(Tx tx, SendQueue.Head head, SendResult result) {
        Instant now = storage.clock().instant();
        switch (result) {
            case SendResult.Accepted accepted
            when isAnothers(tx, head.message(), accepted.providerId()) ->
                ask(tx, head, "The line named another message.", now);
            case SendResult.Accepted accepted -> accept(tx, head, accepted, now);
            case SendResult.Refused(var code, var detail) -> {
                if (!fallback.refused(tx, head.message(), code)) {
                    giveUp(tx, head, MessageStatus.DECLINED, code, detail, now);
                }
            }
            case SendResult.NotSent notSent -> retry(tx, head, notSent, now);
            case SendResult.Unknown(var detail) -> ask(tx, head, detail, now);
        }
    }

    /// An id that the line has used for something else tells nothing about this message.
    private boolean isAnothers(Tx tx, Message message, String providerId) {
        return queue.isTaken(tx, message, providerId)
                || transport.isWords(tx, message.place().line(), providerId);
    }

    /// Of what goes out once more, news may have come meanwhile.
    private void accept(Tx tx, SendQueue.Head head, SendResult.Accepted accepted, Instant now) {
        Message message = head.message();
        String providerId = accepted.providerId();
        if (head.requeued()) {
            queue.settled(tx, message.id());
            message = messages.byId(tx.handle(), message.id().text()).orElse(message);
        }
        Message before = message;
        Message current = Progress.accepted(before, accepted, now)
                .or(() -> Progress.travelled(before, accepted.service(), now))
                .orElse(before);
        messages.update(tx, current, providerId);
        if (accepted.sentAtOnce()) {
            current = receipts.sent(tx, current, now);
        }
        receipts.catchUp(
                tx,
                current,
                providerId,
                transport.claimReceipts(tx, current.place().line(), providerId));
    }

    /// What its line took once is no longer declined.
    private void giveUp(Tx tx, SendQueue.Head head, MessageStatus status, String code, String words, Instant now) {
        if (head.requeued()) {
            queue.settled(tx, head.message().id());
        }
        receipts.failed(tx, head.message(), head.requeued() ? MessageStatus.ERROR : status, code, words, now);
    }

    private void retry(Tx tx, SendQueue.Head head, SendResult.NotSent result, Instant now) {
        Message message = head.message();
        if (Duration.between(message.createdAt(), now).compareTo(TRY_FOR) > 0) {
            giveUp(tx, head, MessageStatus.ERROR, FailureTexts.NOT_SENT, result.detail(), now);
            return;
        }
        LOG.info("event=send_postponed message={} detail=\"{}\"", message.id(), transport.masked(result.detail()));
        Duration pause = result.pause().orElseGet(() -> delay(RETRY, head.attempts()));
        queue.putBack(tx, message.id(), now, now.plus(pause));
    }

    private void ask(Tx tx, SendQueue.Head head, String detail, Instant now) {
        Message message = head.message();
        if (Duration.between(head.handedAt().orElse(now), now).compareTo(ASK_FOR) > 0) {
            giveUp(tx, head, MessageStatus.ERROR, Progress.OUTCOME_UNKNOWN, detail, now);
            return;
        }
        LOG.info("event=send_unknown message={} detail=\"{}\"", message.id(), transport.masked(detail));
        queue.askAgain(tx, message.id(), now, now.plus(delay(ASK, head.attempts())));
    }

    private static Duration delay(List<Duration> schedule, int attempt) {
        return schedule.get(Math.min(attempt, schedule.size() - 1));
    }
}
