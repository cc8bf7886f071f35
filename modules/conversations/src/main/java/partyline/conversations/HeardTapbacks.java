package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import partyline.conversations.EarlyTapbackStore.Change;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.InboundEvent.TapbackReceived;

/// Records what people do to bubbles. One may react before we know that the message of the bubble was sent at all: such
/// a tapback is parked until the message gets its provider id, for a day at most.
final class HeardTapbacks {

    private static final Duration LONGEST_PARKING = Duration.ofHours(24);

    private final Storage storage;
    private final ContactPolicy policy;
    private final Announcer announcer;
    private final MessageStore messages = new MessageStore();
    private final ConnectionStore connections = new ConnectionStore();
    private final TapbackStore store = new TapbackStore();
    private final EarlyTapbackStore early = new EarlyTapbackStore();

    HeardTapbacks(Storage storage, ContactPolicy policy, Announcer announcer) {
        this.storage = storage;
        this.policy = policy;
        this.announcer = announcer;
    }

    /// Nothing is recorded from somebody who may not write, or is not connected.
    void receive(Tx tx, TapbackReceived event) {
        Optional<Message> bubble = messages.bubble(tx, event.line(), event.targetProviderId());
        if (bubble.isPresent()) {
            record(tx, bubble.get(), Change.of(event));
        } else if (messages.mayHaveLeft(tx, event.line(), event.from())) {
            early.park(tx, event, storage.clock().instant());
        }
    }

    /// Records what was done to the bubble of a message that just got its provider id.
    void claim(Tx tx, Message message, String providerId) {
        early.take(tx, message.place().line(), providerId).forEach(change -> record(tx, message, change));
    }

    /// Forgets what was parked too long ago; most often there is nothing, and nothing is written.
    void prune() {
        Instant oldest = storage.clock().instant().minus(LONGEST_PARKING);
        if (storage.database().read(handle -> early.isAny(handle, oldest))) {
            storage.database().update(tx -> early.prune(tx, oldest));
        }
    }

    private void record(Tx tx, Message message, Change change) {
        if (!message.place().person().equals(change.person()) || !audible(tx, message)) {
            return;
        }
        Optional<Tapback> live =
                store.live(tx, message.id(), false, change.reaction().partIndex());
        if (change.removed()) {
            live.ifPresent(it -> takenAway(tx, it));
        } else if (live.isEmpty() || !live.get().reaction().equals(change.reaction())) {
            Instant now = storage.clock().instant();
            Tapback made = Tapback.on(message, storage.ids().next(), false, change.reaction(), now);
            announcer.announce(tx, store.replace(tx, made));
        }
    }

    private void takenAway(Tx tx, Tapback tapback) {
        Instant now = storage.clock().instant();
        store.remove(tx, tapback, now);
        announcer.announceRemoval(tx, tapback.removed(now));
    }

    private boolean audible(Tx tx, Message message) {
        Message.Place place = message.place();
        return connections.active(tx.handle(), place.identity(), place.person()).isPresent()
                && policy.allows(tx, place.identity(), place.person(), Direction.INBOUND);
    }
}
