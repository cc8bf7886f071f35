package partyline.rules;

import java.time.Instant;
import java.util.Locale;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// An allow or block entry of an identity for one exact number, one way or both. A paused one keeps its place and
/// has no effect. It is a view: what is stored are the [Choices] about the number.
public record Rule(
        Id id,
        Id identity,
        PhoneNumber number,
        Direction direction,
        Action action,
        boolean paused,
        Instant createdAt,
        Instant updatedAt) {

    /// What a rule does.
    public enum Action {
        ALLOW,
        BLOCK;

        /// The name on the wire and in the database.
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The action that `wire` names.
        ///
        /// @throws IllegalArgumentException when it names none.
        public static Action of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }
}
