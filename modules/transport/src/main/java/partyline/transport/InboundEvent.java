package partyline.transport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;

/// Something a person did on a line (`line` is its id). Texts and tapbacks are kept in the inbox before anything is
/// acknowledged; the same (line, provider id, kind) again changes nothing.
public sealed interface InboundEvent {

    String line();

    PhoneNumber from();

    Instant at();

    /// What the service calls it; with the line and the kind it names the event for ever.
    String providerId();

    /// A text, a picture, or both. `mediaUrl` is where the bytes can be fetched; `mediaType` their content type and
    /// `mediaName` what the person calls the file, if known.
    record TextReceived(
            String line,
            PhoneNumber from,
            Instant at,
            String providerId,
            @Nullable String text,
            @Nullable String mediaUrl,
            @Nullable String mediaType,
            @Nullable String mediaName,
            Service service,
            @Nullable String sendStyle)
            implements InboundEvent {

        /// The same event with other words.
        public TextReceived saying(@Nullable String words) {
            return new TextReceived(
                    line, from, at, providerId, words, mediaUrl, mediaType, mediaName, service, sendStyle);
        }
    }

    /// A tapback set, swapped or taken away on the bubble `targetProviderId`. `reaction` is a name of the wire
    /// contract; with `custom`, `customEmoji` is the emoji. `providerId` names this change.
    record TapbackReceived(
            String line,
            PhoneNumber from,
            Instant at,
            String providerId,
            String targetProviderId,
            String reaction,
            @Nullable String customEmoji,
            int partIndex,
            boolean removed)
            implements InboundEvent, OutgoingQueue.Early {}

    /// A person changed the words of the text `targetProviderId`; `text` is what it says now. `providerId` names this
    /// change.
    record TextEdited(
            String line, PhoneNumber from, Instant at, String providerId, String targetProviderId, String text)
            implements InboundEvent {}

    /// A person took the text `targetProviderId` back. `providerId` names this change.
    record TextUnsent(String line, PhoneNumber from, Instant at, String providerId, String targetProviderId)
            implements InboundEvent {}
}
