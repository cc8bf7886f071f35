package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the event stream: collects what comes until it is closed or the server ends the answer.
final class EventReader implements AutoCloseable {

    private static final JsonMapper MAPPER = new JsonMapper();

    /// An event as it came.
    record Event(long id, String type, JsonNode envelope) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final InputStream body;
    private final Thread thread;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private volatile long place = -1;
    private volatile AssertionError undescribed;

    /// Opens a stream and waits for its first line.
    EventReader(Api api, String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.base() + "/api/v1/imessage/events" + query))
                .header("X-API-Key", api.key())
                .header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<InputStream> response =
                    OpenApiCheck.send(client, request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            body = response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        thread = Thread.ofVirtual().start(this::read);
        Api.waitFor(this::comments, it -> !it.isEmpty());
    }

    List<Event> events() {
        if (undescribed != null) {
            throw undescribed;
        }
        return List.copyOf(events);
    }

    List<String> types() {
        return events().stream().map(Event::type).toList();
    }

    List<Long> ids() {
        return events().stream().map(Event::id).toList();
    }

    List<String> comments() {
        return List.copyOf(comments);
    }

    /// The last id that was told, with an event or without.
    long place() {
        return place;
    }

    /// Waits for so many events and returns them.
    List<Event> await(int count) {
        return Api.waitFor(this::events, it -> it.size() >= count);
    }

    boolean ended() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        client.shutdownNow();
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(Event event) {
        try {
            OpenApiCheck.event(event.envelope());
        } catch (AssertionError e) {
            undescribed = e;
        }
        events.add(event);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String type = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("id: ")) {
                    place = Long.parseLong(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    take(new Event(place, type, MAPPER.readTree(line.substring(6))));
                }
            }
        } catch (IOException e) {
            comments.add("broken: " + e);
        }
    }
}
