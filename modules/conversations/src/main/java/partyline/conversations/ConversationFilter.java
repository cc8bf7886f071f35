package partyline.conversations;

import java.util.Optional;
import partyline.kernel.Id;

/// Which conversations to list. With `blocked` false, previews and counts leave blocked messages out; with true only
/// conversations that hold blocked messages are listed. `limit` is 1 to 200.
public record ConversationFilter(
        Optional<Id> identity, Optional<Boolean> blocked, TimeRange created, int limit, int offset) {}
