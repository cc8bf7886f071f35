package partyline.conversations.internal;

import java.util.Optional;
import partyline.conversations.Connection;
import partyline.conversations.Message;
import partyline.conversations.Tapback;
import partyline.kernel.Event;
import partyline.kernel.Journal;
import partyline.kernel.Tx;

/// Stores a message's new state and tells the journal, in one transaction. Nothing is told about an identity that is
/// gone or switched off, nor about a person whom its rules shut out.
public final class Announcer {

    private final Journal journal;
    private final Reach reach;

    public Announcer(Journal journal, Reach reach) {
        this.journal = journal;
        this.reach = reach;
    }

    /// Tells of a text that just came in. Whether it may be heard was found in this very transaction, and is its mark.
    void received(Tx tx, Message message) {
        if (!message.marks().blocked()) {
            journal.append(tx, draft("imessage.received", message.place(), MessageJson.eventData(message)));
        }
    }

    /// Appends an event of `type` about `message`, unless nobody may hear of it.
    public void announce(Tx tx, String type, Message message) {
        if (!message.marks().blocked()) {
            announce(tx, type, message.place(), MessageJson.eventData(message));
        }
    }

    /// Tells of a person's tapback, unless nobody may hear of it.
    public void announce(Tx tx, Tapback tapback) {
        announce(tx, "imessage.reaction_received", tapback.where(), MessageJson.eventData(tapback));
    }

    /// Tells that a person took their tapback away, unless nobody may hear of it.
    public void announceRemoval(Tx tx, Tapback tapback) {
        announce(tx, "imessage.reaction_removed", tapback.where(), MessageJson.eventData(tapback));
    }

    /// Tells what became of a connection, unless nobody may hear of it.
    public void announce(Tx tx, String type, Connection connection) {
        announce(
                tx,
                new Event.Draft(
                        connection.organization(),
                        Optional.of(connection.identity()),
                        Optional.empty(),
                        Optional.of(connection.person()),
                        type,
                        ConnectionJson.eventData(connection)));
    }

    /// Appends `draft`, which concerns an identity and a person, unless nobody may hear of it.
    void announce(Tx tx, Event.Draft draft) {
        if (reach.open(tx, draft.identity().orElseThrow(), draft.person().orElseThrow())) {
            journal.append(tx, draft);
        }
    }

    private void announce(Tx tx, String type, Message.Place place, String data) {
        announce(tx, draft(type, place, data));
    }

    private static Event.Draft draft(String type, Message.Place place, String data) {
        return new Event.Draft(
                place.organization(),
                Optional.of(place.identity()),
                Optional.of(place.conversation()),
                Optional.of(place.person()),
                type,
                data);
    }
}
