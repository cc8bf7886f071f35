package partyline.conversations;

import partyline.identities.Identity;

/// What became of a person's wish to be connected.
public sealed interface ConnectOutcome {

    /// They are, on a line that was free.
    record Connected(Identity identity, Connection connection) implements ConnectOutcome {}

    /// They were before; nothing changed.
    record AlreadyConnected(Identity identity, Connection connection) implements ConnectOutcome {}

    /// No such handle, or not enabled, or this person is not allowed: the person must not learn which.
    record Unavailable() implements ConnectOutcome {}

    /// This person has a conversation on every pool line.
    record NoLineFree() implements ConnectOutcome {}

    /// No line takes new people now: all are down, or met as many as they bear. It passes.
    record PoolResting() implements ConnectOutcome {}

    /// `replace` only: the person is not connected to the agent to be replaced.
    record OldNotConnected() implements ConnectOutcome {}
}
