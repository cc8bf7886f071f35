package partyline.drivers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// Contact cards on their way out: whole on lines that carry them, and in words on the others.
public final class ContactCards {

    private static final Logger LOG = LoggerFactory.getLogger(ContactCards.class);
    private static final int LONGEST_LINE = 74;
    /// A picture by its address; long lines of a card are folded.
    private static final Pattern PICTURE =
            Pattern.compile("(?m)^PHOTO;[^:\\r\\n]*:(http[^\\r\\n]*(?:\\r?\\n[ \\t][^\\r\\n]*)*)\\r?\\n");

    private static final Pattern NAME = Pattern.compile("(?mi)^FN[^:\\r\\n]*:([^\\r\\n]+)");
    private static final Pattern NUMBER = Pattern.compile("(?mi)^TEL[^:\\r\\n]*:(?:tel:)?([^\\r\\n]+)");

    private ContactCards() {}

    /// The card with its picture in it, since phones look up no address; without one where it cannot be had.
    public static String whole(String card, Attachments attachments) {
        Matcher picture = PICTURE.matcher(card);
        if (!picture.find()) {
            return card;
        }
        String url = picture.group(1).replaceAll("\\r?\\n[ \\t]", "");
        return card.substring(0, picture.start()) + picture(url, attachments) + card.substring(picture.end());
    }

    /// The card whole, as a file.
    static Attachment file(String card, Attachments attachments) {
        byte[] bytes = whole(card, attachments).getBytes(StandardCharsets.UTF_8);
        return new Attachment("contact.vcf", "text/vcard", bytes.length, new ByteArrayInputStream(bytes));
    }

    private static String picture(String url, Attachments attachments) {
        try (Attachment file = attachments.open(url)) {
            String type = file.contentType().substring(file.contentType().indexOf('/') + 1);
            String line = "PHOTO;ENCODING=b;TYPE=" + type.toUpperCase(Locale.ROOT) + ":"
                    + Base64.getEncoder().encodeToString(file.body().readAllBytes());
            return line.replaceAll("(.{" + LONGEST_LINE + "})(?=.)", "$1\r\n ") + "\r\n";
        } catch (IOException e) {
            LOG.warn("event=card_without_picture cause={}", e.getClass().getSimpleName());
            return "";
        }
    }

    /// Who it is and their number: the message with its card as text, when it has no text of its own.
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
                message.clientId(),
                message.to(),
                text,
                message.mediaUrl(),
                message.mediaName(),
                message.sendStyle(),
                message.contactCard());
    }

    private static Optional<String> first(Pattern pattern, String card) {
        Matcher found = pattern.matcher(card);
        return found.find() ? Optional.of(found.group(1).strip()) : Optional.empty();
    }
}
