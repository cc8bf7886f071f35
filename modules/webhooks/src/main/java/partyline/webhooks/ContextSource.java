package partyline.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;

/// Where the history for `data.context` comes from; the app answers from the conversations, which this module does
/// not know.
@FunctionalInterface
public interface ContextSource {

    /// A source without history.
    ContextSource NONE = _ -> List.of();

    /// The stretch before a message: at most `most` items, and none older than `since`; of each text the first
    /// `longest` characters.
    record Wish(Id conversation, Id before, Optional<Instant> since, int most, int longest) {}

    /// One text. `channel` is `imessage` or `sms`; `sender` is the person's number, null for the agent's
    /// own; `text` is empty for a picture without words, and for what is not kept any more; `media` counts
    /// attachments.
    record Item(
            Id id, String channel, @Nullable String sender, String text, String status, int media, Instant createdAt) {}

    /// The newest texts of the stretch, newest first; fewer where they are far more than an event may have.
    List<Item> texts(Wish wish);
}
