package partyline.drivers.twilio;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.transport.Driver.Download;
import tools.jackson.databind.JsonNode;

/// Calls to Twilio under one account. Nothing is ever repeated here: Twilio knows no idempotency key. Thread-safe.
final class TwilioClient implements AutoCloseable {

    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration SEND = Duration.ofSeconds(30);
    private static final int MOST_PAGES = 50;
    private static final int REDIRECTION = 3;

    private final TwilioSettings account;
    private final String base;
    private final HttpCalls remote = new HttpCalls();

    TwilioClient(TwilioSettings account) {
        this.account = account;
        this.base = "/2010-04-01/Accounts/" + account.sid();
    }

    Reply send(TwilioForm message) {
        return post("/Messages.json", message, SEND);
    }

    Reply post(String path, TwilioForm form) {
        return post(path, form, QUICK);
    }

    Reply get(String path, TwilioForm query) {
        return remote.call(request(base + path + "?" + query.encoded()).build(), QUICK);
    }

    /// The messages that `query` asks for, newest first, up to and without the first one that is `old`; empty when
    /// Twilio does not say.
    Optional<List<TwilioProviderMessage>> messages(TwilioForm query, Predicate<TwilioProviderMessage> old) {
        return messages(query, old, MOST_PAGES);
    }

    /// Like the other, on so many pages at most.
    Optional<List<TwilioProviderMessage>> messages(TwilioForm query, Predicate<TwilioProviderMessage> old, int pages) {
        List<TwilioProviderMessage> found = new ArrayList<>();
        String path = base + "/Messages.json?" + query.encoded();
        for (int page = 0; page < pages && !path.isEmpty(); page++) {
            if (!(remote.call(request(path).build(), QUICK) instanceof Reply.Answered answer) || !answer.success()) {
                return Optional.empty();
            }
            JsonNode json = answer.json();
            List<TwilioProviderMessage> told = json.path("messages")
                    .valueStream()
                    .flatMap(it -> TwilioProviderMessage.of(it).stream())
                    .toList();
            for (TwilioProviderMessage message : told) {
                if (old.test(message)) {
                    return Optional.of(found);
                }
                found.add(message);
            }
            path = json.path("next_page_uri").asString("");
        }
        return Optional.of(found);
    }

    /// What was sent along with a message that we read from the list; empty when Twilio does not say.
    Optional<List<TwilioInboundTranslator.Media>> media(String message) {
        return get("/Messages/" + message + "/Media.json", new TwilioForm()) instanceof Reply.Answered answer
                        && answer.success()
                ? Optional.of(answer.json()
                        .path("media_list")
                        .valueStream()
                        .map(it -> new TwilioInboundTranslator.Media(
                                account.url() + it.path("uri").asString("").replaceFirst("\\.json$", ""),
                                it.path("content_type").asString("")))
                        .toList())
                : Optional.empty();
    }

    /// The account's keys go to Twilio alone: where it sends us on to, and whatever is elsewhere, is asked without.
    Download download(String media) throws IOException {
        if (!media.startsWith(account.url() + "/")) {
            return HttpCalls.address(media);
        }
        URI address = URI.create(media);
        HttpResponse<InputStream> response =
                remote.answer(authorized(HttpRequest.newBuilder(address)).build(), QUICK);
        if (response.statusCode() / 100 == 2) {
            return new Download.Bytes(
                    response.body(),
                    response.headers().firstValue("Content-Type").orElse(null));
        }
        response.body().close();
        Optional<String> elsewhere = response.headers().firstValue("Location");
        if (response.statusCode() / 100 == REDIRECTION && elsewhere.isPresent()) {
            return new Download.Address(address.resolve(elsewhere.get()).toString());
        }
        throw new IOException("Twilio answered " + response.statusCode());
    }

    @Override
    public void close() {
        remote.close();
    }

    private Reply post(String path, TwilioForm form, Duration deadline) {
        HttpRequest request = request(base + path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.encoded()))
                .build();
        return remote.call(request, deadline);
    }

    private HttpRequest.Builder request(String path) {
        return authorized(HttpRequest.newBuilder(URI.create(account.url() + path)));
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        return request.header("Authorization", account.authorization());
    }
}
