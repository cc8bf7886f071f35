package partyline.drivers.twilio;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Media;
import partyline.transport.Driver.Download;
import tools.jackson.databind.JsonNode;

/// What is asked of Twilio under one account. Nothing is ever repeated here: Twilio knows no idempotency key.
/// Thread-safe.
final class TwilioClient {

    private static final Duration SEND = Duration.ofSeconds(30);
    private static final int MOST_PAGES = 50;
    private static final int REDIRECTION = 3;

    private final String url;
    private final String account;
    private final HttpCalls calls;

    TwilioClient(TwilioSettings settings, HttpCalls calls) {
        this.url = settings.url().toString();
        this.account = "/2010-04-01/Accounts/" + settings.sid();
        this.calls = calls;
    }

    Reply send(Map<String, String> message) {
        return calls.post(account + "/Messages.json", message, SEND);
    }

    Reply post(String path, Map<String, String> form) {
        return calls.post(account + path, form, HttpCalls.QUICK);
    }

    Reply get(String path, Map<String, String> query) {
        return calls.get(account + path, query);
    }

    /// The messages that `query` asks for, newest first, up to and without the first one that is `old`; empty when
    /// Twilio does not say.
    Optional<List<ServiceMessage>> messages(Map<String, String> query, Predicate<ServiceMessage> old) {
        List<ServiceMessage> found = new ArrayList<>();
        Optional<JsonNode> page = get("/Messages.json", query).answer();
        for (int pages = 1; page.isPresent(); pages++) {
            for (ServiceMessage message : messages(page.get())) {
                if (old.test(message)) {
                    return Optional.of(found);
                }
                found.add(message);
            }
            String next = page.get().path("next_page_uri").asString("");
            if (next.isEmpty() || pages == MOST_PAGES) {
                return Optional.of(found);
            }
            page = calls.get(next).answer();
        }
        return Optional.empty();
    }

    /// The newest hundred of those that `query` asks for; none when Twilio does not say.
    List<ServiceMessage> newest(Map<String, String> query) {
        return get("/Messages.json", query).answer().map(TwilioClient::messages).orElse(List.of());
    }

    private static List<ServiceMessage> messages(JsonNode page) {
        return page.path("messages")
                .valueStream()
                .flatMap(it -> TwilioMessages.of(it).stream())
                .toList();
    }

    /// What was sent along with a message that we read from the list; empty when Twilio does not say.
    Optional<List<Media>> media(ServiceMessage listed) {
        if (listed.content().media().isEmpty()) {
            return Optional.of(List.of());
        }
        return get("/Messages/" + listed.id() + "/Media.json", Map.of())
                .answer()
                .map(json -> json.path("media_list")
                        .valueStream()
                        .map(it -> new Media(
                                url + it.path("uri").asString("").replaceFirst("\\.json$", ""),
                                it.path("content_type").asString("")))
                        .toList());
    }

    /// The account's keys go to Twilio alone: where it sends us on to, and whatever is elsewhere, is asked without.
    Download download(String media) throws IOException {
        if (!media.startsWith(url + "/")) {
            return HttpCalls.address(media);
        }
        HttpResponse<InputStream> response = calls.open(media.substring(url.length()), HttpCalls.QUICK);
        Optional<String> elsewhere = response.headers().firstValue("Location");
        if (response.statusCode() / 100 == REDIRECTION && elsewhere.isPresent()) {
            response.body().close();
            return new Download.Address(
                    URI.create(media).resolve(elsewhere.get()).toString());
        }
        return HttpCalls.bytes(response);
    }
}
