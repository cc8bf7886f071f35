package partyline.conversations;

/// What became of a person's text on a pool line.
public sealed interface ReceiveOutcome {

    /// It is stored; when blocked, nobody but an admin will see it.
    record Stored(Message message) implements ReceiveOutcome {}

    /// It came from somebody who may not write, and who has written as much today as is kept; nothing is
    /// stored.
    record Bounded() implements ReceiveOutcome {}

    /// This person is not connected on this line; nothing is stored.
    record NotConnected() implements ReceiveOutcome {}
}
