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

    /// The JSON of the event with number `seq` about `message`, of which the journal kept `kept`. Reads with `reader`,
    /// which sees the event.
    String data(Handle reader, Id message, long seq, @Nullable String kept);
}
