package partyline.drivers.sendblue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of Sendblue under one account. Nothing is ever repeated here: Sendblue knows no idempotency
/// key. Thread-safe.
record SendblueClient(HttpCalls calls) {

    static final String MESSAGES = "/api/v2/messages";

    private static final Duration SEND = Duration.ofSeconds(60);
    private static final Duration UPLOAD = Duration.ofMinutes(5);
    /// What a send takes at most, with what is asked before it.
    static final Duration SENT_WITHIN = SEND.plus(HttpCalls.QUICK).plusSeconds(5);

    static final Duration UPLOADED_WITHIN = SENT_WITHIN.plus(UPLOAD);

    private static final Pattern EXTENSION = Pattern.compile(".*/[^/]*\\.[A-Za-z0-9]{1,8}");

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
        return get(MESSAGES, query).answer().flatMap(SendblueClient::messages);
    }

    static Optional<List<ServiceMessage>> messages(JsonNode page) {
        return Optional.of(page.path("data"))
                .filter(JsonNode::isArray)
                .map(data -> data.valueStream()
                        .flatMap(it -> SendblueMessages.of(it).stream())
                        .toList());
    }

    /// Brings Sendblue a file that it cannot fetch, as contact cards are.
    Reply upload(Attachment attachment) {
        return calls.upload("/api/upload-file", Map.of(), "file", attachment, UPLOAD);
    }

    /// Whether Sendblue can fetch it: a public address over https, which ends in a file extension.
    static boolean isFetchable(String url) {
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
