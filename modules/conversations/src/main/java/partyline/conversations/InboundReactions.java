package partyline.conversations;

import java.time.Instant;
import java.util.Optional;
import partyline.conversations.Tapback.Reaction;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.Transport;

/// Records what people do to bubbles. One may react before we know that the message of the bubble was sent at all: such
/// a tapback waits until the message gets its provider id.
final class InboundReactions {

    private final Storage storage;
    private final Transport transport;
    private final ContactPolicy policy;
    private final EventPublisher announcer;
    private final MessageStore messages = new MessageStore();
    private final ConnectionStore connections = new ConnectionStore();
    private final TapbackStore store = new TapbackStore();

    InboundReactions(Storage storage, Transport transport, ContactPolicy policy, EventPublisher announcer) {
        this.storage = storage;
        this.transport = transport;
        this.policy = policy;
        this.announcer = announcer;
    }

    /// Nothing is recorded from somebody who may not write, or is not connected.
    void receive(Tx tx, TapbackReceived event) {
        Optional<Message> bubble = messages.bubble(tx, event.line(), event.targetProviderId());
        if (bubble.isPresent()) {
            record(tx, bubble.get(), event);
        } else if (messages.mayHaveLeft(tx, event.line(), event.from())) {
            transport.park(tx, event);
        }
    }

    /// Records what was done to the bubble of `message`. Nothing is recorded from somebody who may not write, or is not
    /// connected.
    void record(Tx tx, Message message, TapbackReceived tapback) {
        if (!message.place().person().equals(tapback.from()) || !audible(tx, message)) {
            return;
        }
        Optional<Tapback> live = store.live(tx, message.id(), false, tapback.partIndex());
        Reaction reaction = new Reaction(tapback.reaction(), tapback.customEmoji(), tapback.partIndex());
        if (tapback.removed()) {
            live.ifPresent(it -> takenAway(tx, it));
        } else if (live.isEmpty() || !live.get().reaction().equals(reaction)) {
            Instant now = storage.clock().instant();
            Tapback made = Tapback.on(message, storage.ids().next(), false, reaction, now);
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
