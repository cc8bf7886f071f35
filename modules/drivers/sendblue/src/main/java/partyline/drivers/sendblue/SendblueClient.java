package partyline.drivers.sendblue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.drivers.ContactCards;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;
import partyline.transport.Service;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of Sendblue under one account. Nothing is ever repeated here: Sendblue knows no idempotency
/// key. Thread-safe.
record SendblueClient(HttpCalls calls) {

    private static final Duration SEND = Duration.ofSeconds(60);
    private static final Duration UPLOAD = Duration.ofMinutes(5);
    /// What a send takes at most, with what is asked before it.
    static final Duration SENT_WITHIN = SEND.plus(HttpCalls.QUICK).plusSeconds(5);

    static final Duration UPLOADED_WITHIN = SENT_WITHIN.plus(UPLOAD);

    private static final Pattern EXTENSION = Pattern.compile(".*/[^/]*\\.[A-Za-z0-9]{1,8}");

    /// What came of finding an address, from which Sendblue can fetch what goes along with a text.
    sealed interface Hosted {

        record Nothing() implements Hosted {}

        record At(String url) implements Hosted {}

        /// It cannot be had, now or later.
        record Gone() implements Hosted {}

        /// Sendblue cannot take it now.
        record Later() implements Hosted {}
    }

    Reply get(String path, Map<String, String> query) {
        return calls.get(path, query);
    }

    Reply post(String path, ObjectNode body) {
        return calls.post(path, body);
    }

    /// What somebody can be reached on; empty when Sendblue does not say.
    Optional<Service> service(PhoneNumber person) {
        return get("/api/evaluate-service", Map.of("number", person.text()))
                .answer()
                .map(json -> SendblueMessages.text(json, "service"))
                .flatMap(Service::heard);
    }

    Reply send(ObjectNode message) {
        return calls.post("/api/send-message", message, SEND);
    }

    /// Messages that were sent or received, as `query` asks; empty when Sendblue does not say.
    Optional<List<ServiceMessage>> messages(Map<String, String> query) {
        return get("/api/v2/messages", query)
                .answer()
                .map(json -> json.path("data"))
                .filter(data -> data.isArray())
                .map(data -> data.valueStream()
                        .flatMap(it -> SendblueMessages.of(it).stream())
                        .toList());
    }

    /// An address that Sendblue can fetch is public, over https, and ends in a file extension. What has none
    /// is uploaded to Sendblue, as contact cards are.
    Hosted host(Outgoing message, Attachments attachments) {
        String card = message.contactCard();
        if (message.mediaUrl() != null) {
            return host(message.mediaUrl(), attachments);
        }
        if (card == null) {
            return new Hosted.Nothing();
        }
        byte[] bytes = ContactCards.whole(card, attachments).getBytes(StandardCharsets.UTF_8);
        return upload(new Attachment("contact.vcf", "text/vcard", bytes.length, new ByteArrayInputStream(bytes)));
    }

    private Hosted host(String url, Attachments attachments) {
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
        return switch (calls.upload("/api/upload-file", Map.of(), "file", attachment, UPLOAD)) {
            case Reply.Answered answer
            when answer.success() ->
                Optional.ofNullable(SendblueMessages.text(answer.json(), "media_url", "mediaUrl"))
                        .<Hosted>map(Hosted.At::new)
                        .orElseGet(Hosted.Gone::new);
            case Reply.Answered answer when answer.status() >= 500 || answer.status() == 429 -> new Hosted.Later();
            case Reply.Answered _ -> new Hosted.Gone();
            case Reply.Unreachable _, Reply.NoAnswer _ -> new Hosted.Later();
        };
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
