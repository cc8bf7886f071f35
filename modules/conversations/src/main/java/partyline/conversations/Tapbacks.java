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
import partyline.conversations.internal.ActQuota;
import partyline.conversations.internal.Announcer;
import partyline.conversations.internal.Gate;
import partyline.conversations.internal.HeardTapbacks;
import partyline.conversations.internal.IdempotencyStore;
import partyline.conversations.internal.MessageJson;
import partyline.conversations.internal.MessageStore;
import partyline.conversations.internal.Reach;
import partyline.conversations.internal.TapbackStore;
import partyline.identities.Caller;
import partyline.identities.SystemAccess;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
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
    public record Wish(Id message, Tapback.Reaction reaction, Optional<OnceKey> once) {

        private String words() {
            return message + " " + reaction;
        }
    }

    /// What a check came to: a refusal, or the message and what its line calls it.
    private record Target(Optional<ReactOutcome> refusal, Optional<Message> message, String providerId) {}

    private final Storage storage;
    private final Transport transport;
    private final Gate gate;
    private final HeardTapbacks heard;
    private final ActQuota acts;
    private final MessageStore messages = new MessageStore();
    private final TapbackStore store = new TapbackStore();
    private final IdempotencyStore answers = new IdempotencyStore();
    private final List<ReentrantLock> stripes =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toList();

    public Tapbacks(Storage storage, Transport transport, Who who) {
        this.storage = storage;
        this.transport = transport;
        this.acts = new ActQuota(storage.clock(), MOST_TAPBACKS, IN);
        Reach reach = new Reach(who.identities(), who.rules(), who.access());
        this.gate = new Gate(who.identities(), reach);
        this.heard = new HeardTapbacks(storage, reach, new Announcer(storage.journal(), reach));
    }

    /// Shows the agent's reaction on a message, in place of its earlier one on that part.
    public ReactOutcome react(Caller caller, Wish wish) {
        Optional<Message> known = storage.database().read(handle -> messages.find(handle, caller, wish.message()));
        return known.isEmpty()
                ? new ReactOutcome.NotFound()
                : inTurn(known.get().place(), () -> once(caller, known.get(), wish));
    }

    /// Takes one of the agent's own live tapbacks back.
    public ReactOutcome takeBack(Caller caller, Id id) {
        Optional<Tapback> known = storage.database().read(handle -> store.own(handle, caller, id));
        return known.isEmpty()
                ? new ReactOutcome.NotFound()
                : inTurn(known.get().where(), () -> takeBackNow(caller, id));
    }

    /// Records what a person did to a bubble. Nothing is recorded from somebody who may not write, or is not connected.
    public void receive(Tx tx, SystemAccess access, TapbackReceived event) {
        heard.receive(tx, event);
    }

    /// The tapback as the wire shows it.
    public ObjectNode json(Tapback tapback) {
        return MessageJson.of(tapback);
    }

    /// Reacts, unless the idempotency key says that this was done before.
    private ReactOutcome once(Caller caller, Message message, Wish wish) {
        Id identity = message.place().identity();
        Optional<IdempotencyStore.Kept> kept = wish.once()
                .flatMap(key -> storage.database()
                        .read(handle -> answers.find(
                                handle, identity, key, storage.clock().instant())));
        if (kept.isEmpty()) {
            return reactNow(caller, wish);
        }
        return kept.get().answers(wish.words())
                ? new ReactOutcome.Replayed(kept.get().body())
                : new ReactOutcome.KeyReused();
    }

    private ReactOutcome reactNow(Caller caller, Wish wish) {
        Target target = storage.database().read(handle -> check(handle, caller, wish.message()));
        int part = wish.reaction().partIndex();
        Optional<ReactOutcome> refusal =
                target.refusal().or(() -> show(target, wish.reaction().name(), part));
        return refusal.orElseGet(() -> new ReactOutcome.Reacted(
                storage.database().write(tx -> reacted(tx, target.message().orElseThrow(), wish))));
    }

    /// Has the line set or (null) take back the agent's tapback; empty when it did.
    private Optional<ReactOutcome> show(Target target, @Nullable String reaction, int part) {
        Message.Place place = target.message().orElseThrow().place();
        if (!transport.capabilities(place.line(), place.person()).tapbacks()) {
            return Optional.of(new ReactOutcome.NotReactable("this person's phone shows no tapbacks now"));
        }
        Optional<Duration> left = acts.take(place.conversation());
        if (left.isPresent()) {
            return Optional.of(new ReactOutcome.TooOften(left.get()));
        }
        return switch (transport.tapback(place.line(), place.person(), target.providerId(), reaction, part)) {
            case TAKEN -> Optional.empty();
            case NOT_NOW -> Optional.of(new ReactOutcome.LineFailed());
            case NEVER ->
                Optional.of(new ReactOutcome.NotReactable(
                        reaction == null ? "its line cannot take a tapback back" : "its line cannot set this one"));
        };
    }

    private Tapback reacted(Tx tx, Message message, Wish wish) {
        Instant now = storage.clock().instant();
        Tapback made = store.replace(tx, Tapback.on(message, storage.ids().next(), true, wish.reaction(), now));
        wish.once().ifPresent(key -> {
            String body = Json.write(MessageJson.of(made));
            Message.Place place = message.place();
            answers.keep(tx, place.identity(), key, IdempotencyStore.answer(place.person(), wish.words(), body), now);
        });
        return made;
    }

    private ReactOutcome takeBackNow(Caller caller, Id id) {
        Optional<Tapback> live = storage.database().read(handle -> store.own(handle, caller, id));
        if (live.isEmpty()) {
            return new ReactOutcome.NotFound();
        }
        Target target = storage.database()
                .read(handle -> check(handle, caller, live.get().message()));
        int part = live.get().reaction().partIndex();
        Optional<ReactOutcome> refusal = target.refusal().or(() -> show(target, null, part));
        return refusal.orElseGet(() -> {
            storage.database()
                    .update(tx -> store.remove(tx, live.get(), storage.clock().instant()));
            return new ReactOutcome.Done(1);
        });
    }

    private Target check(Handle handle, Caller caller, Id id) {
        Optional<Message> message = messages.find(handle, caller, id);
        Optional<String> providerId = messages.providerId(handle, id);
        Optional<ReactOutcome> refusal = message.isEmpty()
                ? Optional.of(new ReactOutcome.NotFound())
                : gate.refusal(
                                handle,
                                caller,
                                message.get().place().identity(),
                                message.get().place().person())
                        .or(() -> providerId.isPresent()
                                ? Optional.empty()
                                : Optional.of(new ReactOutcome.NotReactable("it has not reached the phone yet")));
        return new Target(refusal, message, providerId.orElse(""));
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
