package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.operator.Backup;
import partyline.app.operator.Restore;
import partyline.kernel.Throttle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server comes back from a backup, and its readers stand in a history that is gone.
class RestoredTest {

    private static final String EVENTS = "/api/v1/imessage/events";
    private static final String FROM = "?types=imessage.received&after=";

    @TempDir
    Path backup;

    private final ShiftedClock clock = new ShiftedClock();
    private final TestServer server = new TestServer("", clock);

    /// Where a reader stands at the backup, and where it has got to when the server is put back.
    private record Reader(Talk talk, long early, long late) {}

    @BeforeEach
    void open() throws IOException {
        server.open();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void a_reader_of_the_lost_history_is_told_so_once_and_misses_nothing_that_comes_after() throws Exception {
        Reader reader = restored();
        Talk talk = reader.talk();
        talk.admin().text(talk.person(), talk.line(), "new 0");
        received(talk, 2);

        JsonNode detail = poll(talk, FROM + reader.late()).expect(410).json().path("detail");
        long next = detail.path("next").asLong();

        assertThat(detail.path("code").asString()).isEqualTo("events_replaced");
        assertThat(detail.path("message").asString()).contains("backup", "after number " + next);
        assertThat(next).isLessThan(reader.late()).isEqualTo(reader.early());
        for (int at = 1; at < 7; at++) {
            talk.admin().text(talk.person(), talk.line(), "new " + at);
        }
        received(talk, 8);
        JsonNode page = poll(talk, FROM + next).expect(200).json();
        assertThat(texts(page)).containsExactly("new 0", "new 1", "new 2", "new 3", "new 4", "new 5", "new 6");
        assertThat(poll(talk, FROM + page.path("next")).expect(200).json().path("events"))
                .isEmpty();
    }

    @Test
    void a_stream_says_it_too_whether_the_place_is_in_the_address_or_in_the_header() throws Exception {
        Reader reader = restored();
        Talk talk = reader.talk();

        for (HttpResponse<String> answer : List.of(
                stream(talk, FROM + reader.late(), ""),
                stream(talk, "?types=imessage.received", String.valueOf(reader.late())))) {
            JsonNode detail = new JsonMapper().readTree(answer.body()).path("detail");
            assertThat(answer.statusCode()).isEqualTo(410);
            assertThat(detail.path("next").asLong()).isEqualTo(reader.early());
        }
        try (EventReader events = new EventReader(talk.agent(), FROM + reader.early())) {
            talk.admin().text(talk.person(), talk.line(), "new 0");

            assertThat(events.await(1).getFirst().id()).isGreaterThan(reader.late());
        }
    }

    @Test
    void a_reader_whose_place_both_histories_have_goes_on_without_a_word() throws Exception {
        Reader reader = restored();
        Talk talk = reader.talk();
        talk.admin().text(talk.person(), talk.line(), "new 0");
        received(talk, 2);

        assertThat(texts(poll(talk, FROM + reader.early()).expect(200).json())).containsExactly("new 0");
    }

    /// Takes a backup, lets four texts come, and puts the backup in their place.
    private Reader restored() throws IOException {
        Talk lost = Talk.begin(server);
        long early = place(lost);
        new Backup(server.folder(), Main.version(), "", clock, Throttle::none).into(backup);
        for (int at = 0; at < 4; at++) {
            lost.admin().text(lost.person(), lost.line(), "lost " + at);
        }
        received(lost, 5);
        long late = place(lost);
        server.stop();
        delete(server.folder());
        new Restore(server.folder(), "", clock).from(backup, false);
        clock.jump(Duration.ofMinutes(1));
        server.start();
        return new Reader(lost.with(server), early, late);
    }

    private static void received(Talk talk, int count) {
        Api.waitFor(() -> talk.agent().get(Talk.MESSAGES).expect(200).json(), it -> it.size() == count);
    }

    private static long place(Talk talk) {
        return poll(talk, "").expect(200).json().path("next").asLong();
    }

    private static Api.Answer poll(Talk talk, String query) {
        return talk.agent().get(EVENTS + query, "application/json");
    }

    private static HttpResponse<String> stream(Talk talk, String query, String place) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(talk.agent().base() + EVENTS + query))
                .header("X-API-Key", talk.agent().key())
                .header("Accept", "text/event-stream");
        if (!place.isEmpty()) {
            request.header("Last-Event-ID", place);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return OpenApiCheck.send(client, request.build(), BodyHandlers.ofString());
        }
    }

    private static List<String> texts(JsonNode page) {
        return page.path("events")
                .valueStream()
                .map(it -> it.path("data").path("message").path("content").asString())
                .toList();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(it -> !it.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(file);
            }
        }
    }
}
