package partyline.conversations;

import java.util.Optional;
import partyline.kernel.Event;
import partyline.kernel.EventData;
import partyline.kernel.Journal;
import partyline.kernel.Tx;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;

/// Stores a message's new state and tells the journal, in one transaction. Nothing is told about an identity that is
/// gone or switched off, nor of what goes a way that its rules close.
final class EventPublisher {

    private final Journal journal;
    private final ContactPolicy policy;

    EventPublisher(Journal journal, ContactPolicy policy) {
        this.journal = journal;
        this.policy = policy;
    }

    /// Tells of a text that just came in. Whether it may be heard was found in this very transaction, and is its mark.
    void received(Tx tx, Message message) {
        if (!message.marks().blocked()) {
            journal.append(tx, draft("imessage.received", message.place(), MessageEvents.received(message)));
        }
    }

    /// Appends an event of `type` about `message`, unless nobody may hear of it.
    void announce(Tx tx, String type, Message message) {
        if (!message.marks().blocked()) {
            Direction way = message.place().outbound() ? Direction.OUTBOUND : Direction.INBOUND;
            announce(tx, draft(type, message.place(), MessageEvents.changed(message)), way);
        }
    }

    /// Tells of a person's tapback, unless nobody may hear of it.
    void announce(Tx tx, Tapback tapback) {
        announce(
                tx,
                draft("imessage.reaction_received", tapback.where(), EventData.of(MessageJson.eventData(tapback))),
                Direction.INBOUND);
    }

    /// Tells that a person took their tapback away, unless nobody may hear of it.
    void announceRemoval(Tx tx, Tapback tapback) {
        announce(
                tx,
                draft("imessage.reaction_removed", tapback.where(), EventData.of(MessageJson.eventData(tapback))),
                Direction.INBOUND);
    }

    /// Tells what became of a connection, unless it is closed both ways.
    void announce(Tx tx, String type, Connection connection) {
        Event.Draft draft = new Event.Draft(
                connection.organization(),
                Optional.of(connection.identity()),
                Optional.empty(),
                Optional.of(connection.person()),
                type,
                connection.eventData());
        if (isOpen(tx, draft, Direction.INBOUND) || isOpen(tx, draft, Direction.OUTBOUND)) {
            journal.append(tx, draft);
        }
    }

    /// Appends `draft`, which concerns an identity and a person, unless that way is closed between them.
    void announce(Tx tx, Event.Draft draft, Direction direction) {
        if (isOpen(tx, draft, direction)) {
            journal.append(tx, draft);
        }
    }

    private boolean isOpen(Tx tx, Event.Draft draft, Direction direction) {
        return policy.allows(tx, draft.identity().orElseThrow(), draft.person().orElseThrow(), direction);
    }

    private static Event.Draft draft(String type, Message.Place place, EventData data) {
        return new Event.Draft(
                place.organization(),
                Optional.of(place.identity()),
                Optional.of(place.conversation()),
                Optional.of(place.person()),
                type,
                data);
    }
}
