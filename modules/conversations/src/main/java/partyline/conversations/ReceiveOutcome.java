package partyline.conversations;

/// What became of a person's text on a pool line.
public sealed interface ReceiveOutcome {

    /// It is stored; when blocked, nobody but an admin will see it.
    record Stored(Message message) implements ReceiveOutcome {}

    /// This person is not connected on this line; nothing is stored.
    record NotConnected() implements ReceiveOutcome {}
}
