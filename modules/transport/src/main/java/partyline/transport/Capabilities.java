package partyline.transport;

/// What a line can do for one recipient. What it cannot is left out of a send, never a reason to refuse it.
///
/// `sentReceipts`: the driver reports `sent` later; without them an accepted send counts as sent at once.
public record Capabilities(
        boolean effects, boolean tapbacks, boolean typing, boolean readReceipts, boolean media, boolean sentReceipts) {}
