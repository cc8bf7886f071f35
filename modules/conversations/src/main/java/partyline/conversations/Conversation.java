package partyline.conversations;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// The thread of one person and one identity, with what a list shows of it. `connection` is the pair's newest one; the
/// preview and the counts leave blocked messages out where the caller must not know of them.
public record Conversation(
        Id id, PhoneNumber person, Connection connection, Preview preview, Instant createdAt, Instant updatedAt) {

    /// The newest message that counts, and how many do.
    public record Preview(Optional<Message> latest, int unread, int total) {}
}
