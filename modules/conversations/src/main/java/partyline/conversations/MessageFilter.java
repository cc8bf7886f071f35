package partyline.conversations;

import java.util.Optional;
import partyline.kernel.Id;

/// Which messages to list. `read` concerns inbound messages only, since nobody marks what an agent wrote itself.
/// `before` is the cursor: only messages older than that one. `limit` is 1 to 200.
public record MessageFilter(
        Optional<Id> identity,
        Optional<Id> conversation,
        Optional<Boolean> read,
        Optional<Boolean> blocked,
        TimeRange created,
        Optional<Id> before,
        int limit,
        int offset) {}
