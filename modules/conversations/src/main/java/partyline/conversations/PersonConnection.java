package partyline.conversations;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;

/// What a person has with one agent: their newest connection, and what was said. Without a conversation they never
/// wrote.
/// Counts take in blocked messages.
public record PersonConnection(
        Connection connection,
        Optional<Id> conversation,
        int messages,
        int unread,
        int media,
        Optional<Instant> first,
        Optional<Instant> latest) {}
