package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.conversations.IdempotencyStore.KeyedRequest;
import partyline.identities.Caller;
import partyline.identities.ServerKey;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.ContactPolicy.Decision;
import partyline.rules.Direction;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.Transport;
import tools.jackson.databind.node.ObjectNode;

/// Reactions on messages, by people and by agents: one live per sender, message and part; a new one replaces it.
///
/// An agent's tapback is stored once the line took it, so what the API shows is what the phone shows. Those of one
/// conversation wait for each other, which keeps their order on the phone. Thread-safe.
public final class Tapbacks {

    private static final int STRIPES = 64;
    /// Each shows a notice on the phone, also one that takes another back.
    private static final int MOST_TAPBACKS = 60;

    private static final Duration IN = Duration.ofMinutes(10);

    /// An agent's wish: this reaction on that message. With `once`, the same wish again gives the same answer.
    public record Wish(Id message, Tapback.Reaction reaction, Optional<IdempotencyKey> once) {

        /// What makes it this wish and no other, each part named.
        private List<String> input() {
            return List.of(
                    "message_id=" + message.text(),
                    "reaction=" + reaction.name(),
                    "part_index=" + reaction.partIndex());
        }
    }

    /// What a check came to: a refusal, or the message and what its line calls it.
    private record Target(Optional<ReactOutcome> refusal, Optional<Message> message, String providerId) {}

    private final Storage storage;
    private final Transport transport;
    private final ContactPolicy policy;
    private final InboundReactions heard;
    private final ActQuota acts;
    private final MessageStore messages = new MessageStore();
    private final TapbackStore store = new TapbackStore();
    private final IdempotencyStore kept;
    private final List<ReentrantLock> stripes =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toList();

    /// `key` is what requests with an idempotency key are recognized by.
    public Tapbacks(Storage storage, Transport transport, ContactPolicy policy, ServerKey key) {
        this.kept = new IdempotencyStore(key);
        this.storage = storage;
        this.transport = transport;
        this.acts = new ActQuota(storage.clock(), MOST_TAPBACKS, IN);
        this.policy = policy;
        this.heard = new InboundReactions(storage, transport, policy, new EventPublisher(storage.journal(), policy));
    }

    /// Shows the agent's reaction on a message, in place of its earlier one on that part.
    public ReactOutcome react(Caller caller, Wish wish) {
        Optional<Message> known = storage.database().read(handle -> messages.find(handle, caller, wish.message()));
        return known.isEmpty()
                ? new ReactOutcome.NotFound()
                : inTurn(known.get().place(), () -> once(caller, known.get(), wish));
    }

    /// Takes one of the agent's own tapbacks back. One that is gone, or that a newer one replaced, is so
    /// already: its line is not asked, and nobody need be connected.
    public ReactOutcome takeBack(Caller caller, Id id) {
        Optional<Tapback> known = storage.database().read(handle -> store.own(handle, caller, id));
        return known.isEmpty()
                ? new ReactOutcome.NotFound()
                : inTurn(known.get().where(), () -> takeBackNow(caller, known.get()));
    }

    /// Records what a person did to a bubble. Nothing is recorded from somebody who may not write, or is not connected.
    public void receive(Tx tx, TapbackReceived event) {
        heard.receive(tx, event);
    }

    /// The tapback as the wire shows it.
    public ObjectNode json(Tapback tapback) {
        return MessageJson.of(tapback);
    }

    /// Reacts, unless the idempotency key says that this was done before. A repeated request waits for the
    /// first one, and so never finds it half done.
    private ReactOutcome once(Caller caller, Message message, Wish wish) {
        Optional<KeyedRequest> once = wish.once().map(key -> kept.request(key, wish.input()));
        Id identity = message.place().identity();
        return once.flatMap(it -> storage.database().read(handle -> earlier(handle, identity, it)))
                .orElseGet(() -> reactNow(caller, wish, once));
    }

    /// What was made so long ago that it is forgotten counts as never made.
    private Optional<ReactOutcome> earlier(Handle handle, Id identity, KeyedRequest request) {
        return kept.find(handle, identity, request.key())
                .flatMap(found -> found.answers(request)
                        ? store.find(handle, found.made()).map(it -> new ReactOutcome.Replayed(it.asMade()))
                        : Optional.of(new ReactOutcome.KeyReused()));
    }

    private ReactOutcome reactNow(Caller caller, Wish wish, Optional<KeyedRequest> once) {
        Target target = storage.database().read(handle -> check(handle, caller, wish.message()));
        int part = wish.reaction().partIndex();
        Optional<ReactOutcome> refusal =
                target.refusal().or(() -> show(target, wish.reaction().name(), part));
        return refusal.orElseGet(() -> new ReactOutcome.Reacted(
                storage.database().write(tx -> reacted(tx, target.message().orElseThrow(), wish.reaction(), once))));
    }

    /// Has the line set or (null) take back the agent's tapback; empty when it did.
    private Optional<ReactOutcome> show(Target target, @Nullable String reaction, int part) {
        Message.Place place = target.message().orElseThrow().place();
        if (!transport.lines().capabilities(place.line(), place.person()).tapbacks()) {
            return Optional.of(new ReactOutcome.Unsupported("its line shows this person's phone none"));
        }
        Optional<Duration> left = acts.take(place.conversation());
        if (left.isPresent()) {
            return Optional.of(new ReactOutcome.TooOften(left.get()));
        }
        return switch (transport.lines().tapback(place.line(), place.person(), target.providerId(), reaction, part)) {
            case TAKEN -> Optional.empty();
            case NOT_NOW -> Optional.of(new ReactOutcome.LineFailed());
            case NEVER ->
                Optional.of(new ReactOutcome.Unsupported(
                        reaction == null ? "its line cannot take a tapback back" : "its line cannot set this one"));
        };
    }

    private Tapback reacted(Tx tx, Message message, Tapback.Reaction reaction, Optional<KeyedRequest> once) {
        Instant now = storage.clock().instant();
        Tapback made = store.replace(tx, Tapback.on(message, storage.ids().next(), true, reaction, now));
        Message.Place place = message.place();
        once.ifPresent(it -> kept.keep(tx, place.identity(), it, place.person(), made.id(), now));
        return made;
    }

    private ReactOutcome takeBackNow(Caller caller, Tapback tapback) {
        if (!storage.database().read(handle -> store.isLive(handle, tapback.id()))) {
            return new ReactOutcome.Done(0);
        }
        Target target = storage.database().read(handle -> check(handle, caller, tapback.message()));
        int part = tapback.reaction().partIndex();
        Optional<ReactOutcome> refusal = target.refusal().or(() -> show(target, null, part));
        return refusal.orElseGet(() -> {
            storage.database()
                    .update(tx -> store.remove(tx, tapback, storage.clock().instant()));
            return new ReactOutcome.Done(1);
        });
    }

    private Target check(Handle handle, Caller caller, Id id) {
        Optional<Message> message = messages.find(handle, caller, id);
        Optional<String> providerId = messages.providerId(handle, id);
        Optional<ReactOutcome> refusal = message.isEmpty()
                ? Optional.of(new ReactOutcome.NotFound())
                : refusal(
                                policy,
                                handle,
                                caller,
                                message.get().place().identity(),
                                message.get().place().person())
                        .or(() ->
                                providerId.isPresent() ? Optional.empty() : Optional.of(new ReactOutcome.NotSentYet()));
        return new Target(refusal, message, providerId.orElse(""));
    }

    /// Why the agent may not show the person anything; empty when it may. The checks and their order are those of
    /// sending.
    static Optional<ReactOutcome> refusal(
            ContactPolicy policy, Handle handle, Caller caller, Id identity, PhoneNumber person) {
        return switch (policy.decide(handle, caller, identity, person, Direction.OUTBOUND)) {
            case Decision.Unknown _ -> Optional.of(new ReactOutcome.NotFound());
            case Decision.Disabled _ -> Optional.of(new ReactOutcome.NotEnabled());
            case Decision.Blocked(var agent, var rule, var _) ->
                Optional.of(new ReactOutcome.Blocked(new SendOutcome.Blocked(person, rule, agent)));
            case Decision.Allowed(var agent, var _) ->
                new ConnectionStore().active(handle, identity, person).isPresent()
                        ? Optional.empty()
                        : Optional.of(new ReactOutcome.Inactive(agent.handle()));
        };
    }

    private ReactOutcome inTurn(Message.Place place, Supplier<ReactOutcome> work) {
        ReentrantLock stripe = stripes.get(Math.floorMod(place.conversation().hashCode(), STRIPES));
        stripe.lock();
        try {
            return storage.database().during(place.person(), work);
        } finally {
            stripe.unlock();
        }
    }
}
