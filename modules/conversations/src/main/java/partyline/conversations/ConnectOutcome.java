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

    /// Every line met as many new people as it bears. It passes within the hour or the day.
    record PoolResting() implements ConnectOutcome {}

    /// Every line is down, and passes only when somebody sees to it.
    record PoolDown() implements ConnectOutcome {}

    /// `replace` only: the person is not connected to the agent to be replaced.
    record OldNotConnected() implements ConnectOutcome {}
}
