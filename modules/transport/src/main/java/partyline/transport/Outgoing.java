package partyline.transport;

import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// A text on its way to a person. `clientId` names it for ever: a driver that sees it twice sends it once, and can be
/// asked what became of it. `mediaName` is what the agent calls the file behind `mediaUrl`, in any script; null when
/// nobody said. `sendStyle` is one of the thirteen effects of the wire contract; `contactCard` is a vCard.
public record Outgoing(
        Id clientId,
        PhoneNumber to,
        @Nullable String text,
        @Nullable String mediaUrl,
        @Nullable String mediaName,
        @Nullable String sendStyle,
        @Nullable String contactCard) {}
