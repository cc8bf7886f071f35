package partyline.conversations;

import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// Which conversations to list. With `blocked` false, previews and counts leave blocked messages out; with true only
/// conversations that hold blocked messages are listed. `unread` tells whether there must be unread messages, or must
/// not. `before` is the cursor, the latest message of a conversation: only those that were less lively. `limit` is 1 to
/// 200.
public record ConversationFilter(
        Optional<Id> identity,
        Optional<PhoneNumber> person,
        Optional<Boolean> blocked,
        Optional<Boolean> unread,
        TimeRange created,
        Optional<Id> before,
        int limit,
        int offset) {

    /// All of one identity, or of all that the caller sees.
    public static ConversationFilter all(Optional<Id> identity, int limit, int offset) {
        return new ConversationFilter(
                identity,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TimeRange.ALL,
                Optional.empty(),
                limit,
                offset);
    }
}
