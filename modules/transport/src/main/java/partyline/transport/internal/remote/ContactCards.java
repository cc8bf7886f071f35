package partyline.transport.internal.remote;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.transport.Outgoing;

/// Contact cards on lines that carry none: who it is and their number, in words.
public final class ContactCards {

    private static final Pattern NAME = Pattern.compile("(?mi)^FN[^:\\r\\n]*:([^\\r\\n]+)");
    private static final Pattern NUMBER = Pattern.compile("(?mi)^TEL[^:\\r\\n]*:(?:tel:)?([^\\r\\n]+)");

    private ContactCards() {}

    /// The message with its card as text, when it has no text of its own.
    public static Outgoing inWords(Outgoing message) {
        String card = message.contactCard();
        if (card == null || message.text() != null) {
            return message;
        }
        String words = first(NAME, card)
                .map(name ->
                        first(NUMBER, card).map(number -> name + ": " + number).orElse(name))
                .orElse(null);
        return with(message, words);
    }

    private static Outgoing with(Outgoing message, @Nullable String text) {
        return new Outgoing(
                message.clientId(), message.to(), text, message.mediaUrl(), message.sendStyle(), message.contactCard());
    }

    private static Optional<String> first(Pattern pattern, String card) {
        Matcher found = pattern.matcher(card);
        return found.find() ? Optional.of(found.group(1).strip()) : Optional.empty();
    }
}
