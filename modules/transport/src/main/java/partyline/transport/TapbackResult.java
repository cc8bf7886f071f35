package partyline.transport;

/// What a line made of our tapback.
public enum TapbackResult {
    /// The phone shows it, or no longer does.
    TAKEN,
    /// Nothing changed, and it may work later: trying again is safe.
    NOT_NOW,
    /// This line can never do that for this bubble: trying again is of no use.
    NEVER
}
