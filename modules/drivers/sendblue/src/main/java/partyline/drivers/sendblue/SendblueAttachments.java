package partyline.drivers.sendblue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.drivers.ContactCards;
import partyline.drivers.Reply;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// Finds an address of what goes along with a text that Sendblue can fetch: public, over https, ending in a file
/// extension. What has none is uploaded to Sendblue, as contact cards are.
final class SendblueAttachments {

    /// What came of it.
    sealed interface Hosted {

        record Nothing() implements Hosted {}

        record At(String url) implements Hosted {}

        /// It cannot be had, now or later.
        record Gone() implements Hosted {}

        /// Sendblue cannot take it now.
        record Later() implements Hosted {}
    }

    private static final Pattern EXTENSION = Pattern.compile(".*/[^/]*\\.[A-Za-z0-9]{1,8}");

    private final SendblueClient calls;
    private final Attachments attachments;

    SendblueAttachments(SendblueClient calls, Attachments attachments) {
        this.calls = calls;
        this.attachments = attachments;
    }

    Hosted host(Outgoing message) {
        String card = message.contactCard();
        if (message.mediaUrl() != null) {
            return host(message.mediaUrl());
        }
        if (card == null) {
            return new Hosted.Nothing();
        }
        byte[] bytes = ContactCards.whole(card, attachments).getBytes(StandardCharsets.UTF_8);
        return upload(new Attachment("contact.vcf", "text/vcard", bytes.length, new ByteArrayInputStream(bytes)));
    }

    private Hosted host(String url) {
        if (isFetchable(url)) {
            return new Hosted.At(url);
        }
        try (Attachment attachment = attachments.open(url)) {
            return upload(attachment);
        } catch (IOException e) {
            return new Hosted.Gone();
        }
    }

    private Hosted upload(Attachment attachment) {
        return switch (calls.upload(attachment)) {
            case Reply.Answered answer
            when answer.success() -> at(SendblueProviderMessage.text(answer.json(), "media_url", "mediaUrl"));
            case Reply.Answered answer when answer.status() >= 500 || answer.status() == 429 -> new Hosted.Later();
            case Reply.Answered _ -> new Hosted.Gone();
            case Reply.Unreachable _, Reply.NoAnswer _ -> new Hosted.Later();
        };
    }

    private static Hosted at(@Nullable String url) {
        return url == null ? new Hosted.Gone() : new Hosted.At(url);
    }

    private static boolean isFetchable(String url) {
        try {
            URI parsed = URI.create(url);
            return "https".equals(parsed.getScheme())
                    && parsed.getRawQuery() == null
                    && EXTENSION.matcher(String.valueOf(parsed.getPath())).matches();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
