package partyline.transport;

/// What a line can do for one recipient. What it cannot is left out of a send, never a reason to refuse it.
///
/// `effects` are send styles, `media` one attachment beside the text; `readReceipts` and `typing` are ours to
/// the person. `sentReceipts`: the driver reports `sent` later; without them an accepted send counts as sent at
/// once.
public record Capabilities(
        boolean effects, boolean tapbacks, boolean typing, boolean readReceipts, boolean media, boolean sentReceipts) {}
