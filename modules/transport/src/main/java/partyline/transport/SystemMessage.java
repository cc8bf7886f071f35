package partyline.transport;

import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;

/// Something that the router says to a person from `line`: a text, a contact card (vCard), or both. No message of any
/// conversation.
public record SystemMessage(
        String line,
        PhoneNumber to,
        @Nullable String text,
        @Nullable String contactCard) {}
