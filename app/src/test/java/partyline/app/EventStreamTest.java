package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.kernel.Database;
import tools.jackson.databind.JsonNode;

/// The event stream and the long poll, as their readers see them.
class EventStreamTest {

    @RegisterExtension
    static final TestServer server = new TestServer("stream: {heartbeat_seconds: 1}");

    private static final String EVENTS = "/api/v1/imessage/events";

    private final Talk talk = Talk.begin(server);

    @Test
    void a_stream_without_a_place_starts_at_now_and_tells_its_place() {
        try (EventReader reader = new EventReader(talk.agent(), "")) {
            long place = waitFor(reader::place, it -> it >= 0);

            talk.delivered("after");
            List<EventReader.Event> events = reader.await(2);

            assertThat(reader.types()).containsExactly("imessage.sent", "imessage.delivered");
            assertThat(events.getFirst().id()).isGreaterThan(place);
            assertThat(events.getFirst().envelope().propertyNames())
                    .containsExactly("id", "event_type", "timestamp", "agent_identity", "data");
        }
    }

    @Test
    void the_event_has_the_id_and_the_envelope_of_the_webhook() {
        try (RecordingReceiver receiver = new RecordingReceiver();
                EventReader reader = new EventReader(talk.agent(), "?types=imessage.received")) {
            talk.subscribe(receiver, "imessage.received");

            talk.admin().text(talk.person(), talk.line(), "both");

            JsonNode posted =
                    waitFor(receiver::posts, it -> it.size() == 1).getFirst().json();
            assertThat(reader.await(1).getFirst().envelope()).isEqualTo(posted);
        }
    }

    @Test
    void a_reader_that_comes_back_goes_on_exactly_where_it_was_under_traffic_and_over_a_restart() throws Exception {
        long start = place(talk.agent());
        List<Long> ids = new ArrayList<>();
        List<String> texts = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> traffic = threads.submit(() ->
                    IntStream.range(0, 30).forEach(at -> talk.admin().text(talk.person(), talk.line(), "text " + at)));
            for (int turn = 0; turn < 4; turn++) {
                resume(start, 5, ids, texts);
            }
            traffic.get();
        }
        waitFor(() -> talk.agent().get(Talk.MESSAGES + "?limit=200").json(), it -> it.size() == 31);
        server.restart();
        Talk after = talk.with(server);
        resume(after.agent(), ids.getLast(), 30 - ids.size(), ids, texts);

        assertThat(texts)
                .isEqualTo(IntStream.range(0, 30).mapToObj(at -> "text " + at).toList());
        assertThat(ids).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void readers_at_once_get_every_event_once_in_order() {
        Talk other = Talk.begin(server);
        try (EventReader all = new EventReader(talk.admin(), "?types=imessage.received");
                EventReader ones = new EventReader(talk.agent(), "?types=imessage.received");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Talk each : List.of(talk, other)) {
                threads.submit(() -> IntStream.range(0, 20)
                        .forEach(at -> each.admin().text(each.person(), each.line(), "text " + at)));
            }
            all.await(40);
            ones.await(20);

            assertThat(all.ids()).hasSize(40).doesNotHaveDuplicates().isSorted();
            assertThat(ones.ids()).hasSize(20).isSorted().allMatch(all.ids()::contains);
            assertThat(ones.events())
                    .allMatch(it -> message(it).path("remote_number").asString().equals(talk.person()));
        }
    }

    @Test
    void types_and_identities_narrow_and_wrong_wishes_are_named() {
        Talk other = Talk.begin(server);
        String own = "agent_identity_id=" + talk.identity().path("id").asString();
        try (EventReader reader = new EventReader(talk.admin(), "?types=imessage.delivered&" + own)) {
            other.delivered("not this");
            talk.delivered("this");
            reader.await(1);
            assertThat(reader.types()).containsExactly("imessage.delivered");
        }
        assertThat(poll(talk.agent(), "?types=imessage.teleported").expect(422).text())
                .contains("imessage.teleported", "connection.released");
        poll(talk.agent(), "?types=").expect(422);
        poll(talk.agent(), "?after=soon").expect(422);
        poll(talk.agent(), "?after=-1").expect(422);
        assertThat(poll(talk.agent(), "?after=evt_0197a3c26f0e7c319d553f1f0a9be1c4")
                        .expect(422)
                        .text())
                .contains("not its id", "next of the last answer");
        assertThat(poll(talk.agent().with(Map.of("Last-Event-ID", "soon")), "")
                        .expect(422)
                        .json()
                        .at("/detail/0/loc/1")
                        .asString())
                .isEqualTo("Last-Event-ID");
        poll(talk.agent(), "?wait=56").expect(422);
        poll(talk.agent(), "?limit=201").expect(422);
        poll(other.agent(), "?" + own).expect(403);
        poll(server.stranger(), "?" + own).expect(404);
        poll(server.nobody(), "").expect(401);
        assertThat(events(poll(server.stranger(), "?after=0").expect(200).json()))
                .isEmpty();
    }

    @Test
    void the_extra_events_come_to_those_who_name_them_and_never_name_the_line() {
        long start = place(talk.admin());
        String types = "?types=imessage.reaction_removed,imessage.read,imessage.typing,connection.created,"
                + "connection.released&after=" + start + "&agent_identity_id="
                + talk.identity().path("id").asString();
        try (EventReader reader = new EventReader(talk.admin(), types)) {
            talk.delivered("Done!");
            JsonNode bubble = talk.bubble("Done!");
            talk.tapback(bubble, "love", Map.of());
            talk.tapback(bubble, "love", Map.of("remove", "true"));
            reader.await(1);
            person("read", "");
            reader.await(2);
            person("typing", ",\"typing\":true");
            person("typing", ",\"typing\":false");
            person("typing", ",\"typing\":true");
            reader.await(3);
            talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
            reader.await(4);
            talk.admin().text(talk.person(), Api.ROUTER, "connect @" + talk.handle());
            List<EventReader.Event> events = reader.await(5);

            assertThat(reader.types())
                    .containsExactly(
                            "imessage.reaction_removed",
                            "imessage.read",
                            "imessage.typing",
                            "connection.released",
                            "connection.created");
            assertThat(data(events.get(0)).path("reaction").path("reaction").asString())
                    .isEqualTo("love");
            assertThat(message(events.get(1)).path("read_at").isNull()).isFalse();
            assertThat(data(events.get(2))
                            .path("typing")
                            .path("conversation_id")
                            .asString())
                    .isEqualTo(talk.conversation());
            assertThat(data(events.get(3)).path("assignment").path("status").asString())
                    .isEqualTo("released");
            assertThat(data(events.get(4)).path("assignment"))
                    .isEqualTo(talk.agent()
                            .get("/api/v1/imessage/assignments")
                            .json()
                            .get(0));
            assertThat(events).noneMatch(it -> it.envelope().toString().contains(talk.line()));
        }
        assertThat(events(poll(talk.agent(), "?after=" + start).expect(200).json()))
                .noneMatch(it -> it.path("event_type").asString().startsWith("connection"));
    }

    @Test
    void nothing_is_told_of_a_blocked_person_also_not_what_is_extra() {
        long start = place(talk.agent());
        talk.delivered("Done!");
        talk.admin()
                .post(
                        "/api/v1/imessage/identities/%s/contact-rules".formatted(talk.handle()),
                        "{\"match_type\":\"exact_number\",\"match_target\":\"%s\",\"action\":\"block\"}"
                                .formatted(talk.person()))
                .expect(201);
        long blocked = place(talk.agent());
        person("read", "");
        person("typing", ",\"typing\":true");
        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        waitFor(() -> talk.agent().get("/api/v1/imessage/assignments").json(), JsonNode::isEmpty);

        String all = "?types=imessage.read,imessage.typing,connection.released&after=";
        assertThat(blocked).isGreaterThan(start);
        assertThat(events(poll(talk.agent(), all + blocked).expect(200).json())).isEmpty();
    }

    @Test
    void a_silent_stream_shows_that_it_is_alive_and_moves_its_place_along() {
        Talk other = Talk.begin(server);
        try (EventReader reader = new EventReader(talk.agent(), "")) {
            long place = waitFor(reader::place, it -> it >= 0);
            other.delivered("passes by");

            waitFor(reader::comments, it -> it.contains(": still here"));
            waitFor(reader::place, it -> it > place);
            assertThat(reader.events()).isEmpty();
        }
    }

    @Test
    void a_stream_ends_when_its_key_does() {
        try (EventReader reader = new EventReader(talk.agent(), "")) {
            talk.admin().delete("/api/v1/identities/" + talk.handle()).expect(204);

            waitFor(reader::ended, it -> it);
        }
        poll(talk.agent(), "").expect(401);
    }

    @Test
    void a_long_poll_answers_at_once_what_is_there_and_else_what_comes() throws Exception {
        JsonNode empty = poll(talk.agent(), "?wait=0").expect(200).json();
        assertThat(events(empty)).isEmpty();
        JsonNode timedOut = poll(talk.agent(), "?wait=1&after=" + empty.path("next"))
                .expect(200)
                .json();
        assertThat(events(timedOut)).isEmpty();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Api.Answer> waiting = threads.submit(
                    () -> poll(talk.agent(), "?wait=15&types=imessage.received&after=" + timedOut.path("next")));
            for (int at = 0; at < 3; at++) {
                talk.admin().text(talk.person(), talk.line(), "text " + at);
            }
            JsonNode first = waiting.get().expect(200).json();
            assertThat(events(first).getFirst().path("event_type").asString()).isEqualTo("imessage.received");
        }
        waitFor(() -> talk.agent().get(Talk.MESSAGES).json(), it -> it.size() == 4);
        String from = "?types=imessage.received&limit=2&after=";
        JsonNode one =
                poll(talk.agent(), from + timedOut.path("next")).expect(200).json();
        JsonNode two = poll(talk.agent(), from + one.path("next")).expect(200).json();
        assertThat(events(one)).hasSize(2);
        assertThat(events(two)).hasSize(1);
        assertThat(one.path("next").asLong())
                .isEqualTo(events(one).getLast().path("seq").asLong());
    }

    @Test
    void a_subscription_whose_receiver_is_gone_is_paused_and_the_stream_tells_of_it() {
        try (RecordingReceiver gone = new RecordingReceiver(410);
                EventReader reader = new EventReader(talk.agent(), "?types=subscription.paused")) {
            talk.subscribe(gone, "imessage.received");

            talk.admin().text(talk.person(), talk.line(), "to nobody");

            JsonNode told = data(reader.await(1).getFirst()).path("subscription");
            assertThat(told.path("url").asString()).isEqualTo(gone.url());
            assertThat(told.path("paused_reason").asString()).contains("410");
        }
    }

    @Test
    void one_key_has_a_bounded_number_of_streams() {
        List<EventReader> readers = new ArrayList<>();
        try {
            for (int at = 0; at < 20; at++) {
                readers.add(new EventReader(talk.agent(), ""));
            }
            assertThat(poll(talk.agent(), "").expect(429).text()).contains("too_many_streams");
            poll(talk.admin(), "").expect(200);
        } finally {
            readers.forEach(EventReader::close);
        }
    }

    @Test
    void the_server_stops_although_streams_are_open_and_what_is_gone_answers_410() {
        talk.delivered("old");
        long start = place(talk.admin());
        try (EventReader reader = new EventReader(talk.agent(), "")) {
            server.restart(EventStreamTest::forget);
            waitFor(reader::ended, it -> it);
        }
        Talk after = talk.with(server);

        JsonNode gone = poll(after.agent(), "?after=1").expect(410).json().path("detail");
        assertThat(gone.path("code").asString()).isEqualTo("events_expired");
        assertThat(gone.path("oldest").asLong()).isEqualTo(start + 1);
        assertThat(gone.path("next").asLong()).isEqualTo(start);
        assertThat(stream(after.agent(), "?after=1")).isEqualTo(410);
        poll(after.agent(), "?after=" + start).expect(200);
    }

    private static void forget(Database database) {
        database.update(tx -> {
            tx.handle().execute("""
                    UPDATE journal_head AS h
                       SET seq = (SELECT max(seq) FROM journal WHERE organization_no = h.organization_no)
                     WHERE EXISTS (SELECT 1 FROM journal WHERE organization_no = h.organization_no)
                    """);
            tx.handle().execute("UPDATE journal_head SET pruned = seq");
            tx.handle().execute("DELETE FROM journal");
        });
    }

    private void person(String deed, String more) {
        talk.admin()
                .post(
                        "/simulator/" + deed,
                        "{\"from\":\"%s\",\"to\":\"%s\"%s}".formatted(talk.person(), talk.line(), more))
                .expect(204);
    }

    private void resume(long start, int count, List<Long> ids, List<String> texts) {
        resume(talk.agent(), ids.isEmpty() ? start : ids.getLast(), count, ids, texts);
    }

    /// Reads `count` events after `place`, notes them, and leaves.
    private static void resume(Api agent, long place, int count, List<Long> ids, List<String> texts) {
        String query = "?types=imessage.received&after=0";
        try (EventReader reader = new EventReader(agent, query, "Last-Event-ID", Long.toString(place))) {
            for (EventReader.Event event : reader.await(count).subList(0, count)) {
                ids.add(event.id());
                texts.add(message(event).path("content").asString());
            }
        }
    }

    private static long place(Api api) {
        return poll(api, "").expect(200).json().path("next").asLong();
    }

    private static Api.Answer poll(Api api, String query) {
        return api.get(EVENTS + query, "application/json");
    }

    private static int stream(Api api, String query) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.base() + EVENTS + query))
                .header("X-API-Key", api.key())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return OpenApiCheck.send(client, request, BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> events(JsonNode answer) {
        return answer.path("events").valueStream().toList();
    }

    private static JsonNode data(EventReader.Event event) {
        return event.envelope().path("data");
    }

    private static JsonNode message(EventReader.Event event) {
        return data(event).path("message");
    }
}
