package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged jar is killed at random moments while a person and an agent talk, and started again. No event may be
/// lost: each comes to each webhook at least once, and exactly once to a stream reader that resumes. What the phone
/// shows in the end is the truth that the events are held against.
class KillsIT {

    private static final int KILLS = 3;
    private static final int MOST_UNTIL_A_KILL = 80;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SAM = "+12025550140";
    private static final Map<String, String> SETTINGS =
            Map.of("PARTYLINE_LIMITS_SENDS_PER_24H", "0", "PARTYLINE_LIMITS_ALTERNATIONS_PER_MINUTE", "0");

    @TempDir
    Path folder;

    private final long seed = Long.getLong("kills.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicInteger number = new AtomicInteger();
    /// What was said and answered with success: at the latest then it must survive everything.
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();

    private final List<EventReader.Event> streamed = new ArrayList<>();

    /// Who talks: the operator, the agent with its conversation, and where Sam hears it.
    private record Cast(Api admin, Api agent, String line, String conversation) {

        Cast at(Jar jar) {
            Api moved = new Api(jar.base(), admin.key());
            return new Cast(moved, moved.with(agent.key()), line, conversation);
        }
    }

    @Test
    void no_event_is_lost_however_often_the_server_is_killed() {
        System.out.println("KillsIT runs with -Dkills.seed=" + seed);
        try (RecordingReceiver one = new RecordingReceiver();
                RecordingReceiver two = new RecordingReceiver()) {
            Cast cast = begin(one, two);
            for (int kill = 0; kill < KILLS; kill++) {
                liveUntilKilled(cast);
            }
            try (Jar jar = start();
                    EventReader reader = reader(cast.at(jar))) {
                List<JsonNode> journal = settled(cast.at(jar), one, two);
                reader.await(journal.size() - streamed.size());
                streamed.addAll(reader.events());

                assertComplete(journal, phone(cast.at(jar)));
                assertThat(streamed)
                        .as(this::hint)
                        .extracting(EventReader.Event::id)
                        .isEqualTo(seqs(journal));
                assertThat(streamed).extracting(EventReader.Event::envelope).isEqualTo(envelopes(journal));
                Stream.of(one, two)
                        .forEach(receiver -> assertThat(received(receiver))
                                .as(this::hint)
                                .isEqualTo(Set.copyOf(envelopes(journal))));
            }
        }
    }

    private Cast begin(RecordingReceiver... receivers) {
        try (Jar jar = start()) {
            Api admin = new Api(jar.base(), jar.key());
            JsonNode identity = admin.identity("agent");
            Api agent = admin.scoped(identity);
            for (RecordingReceiver receiver : receivers) {
                agent.post("/api/v1/webhooks/subscriptions", """
                        {"agent_identity_id": %s, "url": "%s", "event_types":
                          ["imessage.received", "imessage.sent", "imessage.delivered", "imessage.delivery_failed"]}
                        """.formatted(identity.path("id"), receiver.url()))
                        .expect(201);
            }
            String line = admin.connect(SAM, "agent");
            admin.text(SAM, line, "text 0");
            JsonNode first = Api.waitFor(
                            () -> agent.get(Talk.MESSAGES).expect(200).json(), it -> it.size() == 1)
                    .get(0);
            return new Cast(admin, agent, line, first.path("conversation_id").asString());
        }
    }

    private Jar start() {
        return Jar.start(folder, SETTINGS, "--port", "0");
    }

    /// A reader that goes on after the last event it saw whole, as a client of server-sent events does.
    private EventReader reader(Cast cast) {
        String last =
                streamed.isEmpty() ? "0" : Long.toString(streamed.getLast().id());
        return new EventReader(cast.agent(), "?after=0", "Last-Event-ID", last);
    }

    private void liveUntilKilled(Cast before) {
        int enough = accepted.size() + 1 + random.nextInt(MOST_UNTIL_A_KILL);
        try (Jar jar = start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Cast cast = before.at(jar);
            try (EventReader reader = reader(cast)) {
                threads.execute(() -> talk("text", words -> cast.admin().text(SAM, cast.line(), words)));
                threads.execute(() -> talk("reply", words -> reply(cast, words)));
                Api.waitFor(accepted::size, it -> it >= enough);
                jar.kill();
                Api.waitFor(reader::ended, it -> it);
                streamed.addAll(reader.events());
            }
        }
    }

    /// Says one thing after the other until the server is gone.
    private void talk(String prefix, Consumer<String> say) {
        try {
            while (true) {
                String words = prefix + " " + number.incrementAndGet();
                say.accept(words);
                accepted.add(words);
            }
        } catch (UncheckedIOException e) {
            // Killed; whether the last words arrived, nobody was told.
        }
    }

    private static void reply(Cast cast, String words) {
        cast.agent()
                .post(
                        Talk.MESSAGES,
                        "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(cast.conversation(), words))
                .expect(201);
    }

    /// The journal, once it tells of everything that the phone shows and both receivers know it all.
    private List<JsonNode> settled(Cast cast, RecordingReceiver... receivers) {
        return Api.waitFor(PATIENCE, () -> journal(cast), journal -> {
            Set<JsonNode> told = Set.copyOf(envelopes(journal));
            return said(journal, "imessage.received").size()
                                    + said(journal, "imessage.delivered").size()
                            == phone(cast).size()
                    && phone(cast).containsAll(accepted)
                    && Arrays.stream(receivers)
                            .allMatch(receiver -> received(receiver).containsAll(told));
        });
    }

    private void assertComplete(List<JsonNode> journal, List<String> phone) {
        List<String> texts = phone.stream().filter(it -> it.startsWith("text")).toList();
        List<String> replies =
                phone.stream().filter(it -> it.startsWith("reply")).toList();
        assertThat(phone).as(this::hint).containsAll(accepted).doesNotHaveDuplicates();
        assertThat(said(journal, "imessage.received")).as(this::hint).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(said(journal, "imessage.sent")).as(this::hint).containsExactlyInAnyOrderElementsOf(replies);
        assertThat(said(journal, "imessage.delivered")).as(this::hint).containsExactlyInAnyOrderElementsOf(replies);
    }

    private String hint() {
        return "with -Dkills.seed=" + seed;
    }

    /// What Sam and the agent said to each other, as Sam's phone shows it.
    private static List<String> phone(Cast cast) {
        return cast.admin().bubbles(SAM, cast.line()).stream()
                .map(bubble -> bubble.path("text").asString(""))
                .filter(text -> text.matches("(text|reply) [0-9]+"))
                .toList();
    }

    private static List<JsonNode> journal(Cast cast) {
        List<JsonNode> all = new ArrayList<>();
        long next = 0;
        int found;
        do {
            JsonNode page = cast.agent()
                    .get("/api/v1/imessage/events?limit=200&after=" + next, "application/json")
                    .expect(200)
                    .json();
            page.path("events").forEach(all::add);
            found = page.path("events").size();
            next = page.path("next").asLong();
        } while (found > 0);
        return all;
    }

    private static List<String> said(List<JsonNode> journal, String type) {
        return journal.stream()
                .filter(event -> event.path("event_type").asString().equals(type))
                .map(event -> event.path("data").path("message").path("content").asString())
                .toList();
    }

    private static List<Long> seqs(List<JsonNode> journal) {
        return journal.stream().map(event -> event.path("seq").asLong()).toList();
    }

    /// The events as streams and webhooks show them.
    private static List<JsonNode> envelopes(List<JsonNode> journal) {
        return journal.stream()
                .map(event -> event.deepCopy().asObject().without("seq"))
                .map(JsonNode.class::cast)
                .toList();
    }

    private static Set<JsonNode> received(RecordingReceiver receiver) {
        return receiver.posts().stream()
                .map(RecordingReceiver.Post::json)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
