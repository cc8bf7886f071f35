package partyline.kernel;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Makes the [EventData] of an event that refers to a message, as it was when the event was appended.
@FunctionalInterface
public interface EventRenderer {

    /// Where nothing refers to a message.
    EventRenderer NONE = (_, message, _, _) -> {
        throw new IllegalStateException("nobody knows the message " + message);
    };

    /// What an event says, as JSON, and in which conversation that happened.
    record Rendered(Id conversation, String data) {}

    /// What the event with number `seq` says about the message with this key, of which the journal kept `kept`. Reads
    /// with `reader`, which sees the event.
    Rendered render(Handle reader, long message, long seq, @Nullable String kept);
}
