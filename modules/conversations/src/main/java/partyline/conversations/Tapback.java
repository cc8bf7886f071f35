package partyline.conversations;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;

/// A reaction on a message, the person's or the agent's. `reaction` is a name of the wire contract; with `custom`,
/// `customEmoji` is the emoji. `where` is the message's own place.
public record Tapback(
        Id id,
        Message.Place where,
        Id message,
        boolean outbound,
        Reaction reaction,
        Instant createdAt,
        Instant updatedAt) {

    /// A new one on `message`, the agent's (`outbound`) or the person's.
    public static Tapback on(Message message, Id id, boolean outbound, Reaction reaction, Instant now) {
        return new Tapback(id, message.place(), message.id(), outbound, reaction, now, now);
    }

    /// This tapback as it was when it was made.
    Tapback asMade() {
        return new Tapback(id, where, message, outbound, reaction, createdAt, createdAt);
    }

    /// This tapback as it was when it went.
    public Tapback removed(Instant at) {
        return new Tapback(id, where, message, outbound, reaction, createdAt, at);
    }

    /// What is shown on which part of the message.
    public record Reaction(String name, @Nullable String customEmoji, int partIndex) {}
}
