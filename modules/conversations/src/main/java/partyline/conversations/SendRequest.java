package partyline.conversations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// A wish to send. With `once`, the same wish again gives the same answer and sends nothing. `content` was validated:
/// text of at most 18,996 code points, at most one media URL, not empty.
public record SendRequest(Recipient recipient, Message.Content content, Optional<IdempotencyKey> once) {

    /// To whom.
    public sealed interface Recipient {

        /// To a person, as `identity` (an admin must say; an identity-scoped caller is always itself).
        record Person(PhoneNumber number, Optional<Id> identity) implements Recipient {}

        /// Into a conversation, whoever's it is.
        record Existing(Id conversation) implements Recipient {}
    }

    /// What makes it this wish and no other, each part named; not who sends, since a key counts for one identity.
    List<String> input() {
        List<String> input = new ArrayList<>();
        input.add(
                switch (recipient) {
                    case Recipient.Person person -> "to=" + person.number().text();
                    case Recipient.Existing(var conversation) -> "conversation_id=" + conversation.text();
                });
        Optional.ofNullable(content.text()).ifPresent(text -> input.add("text=" + text));
        content.media().forEach(item -> input.add("media=" + item.url()));
        Optional.ofNullable(content.sendStyle()).ifPresent(style -> input.add("style=" + style));
        return input;
    }
}
