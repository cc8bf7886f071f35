package partyline.torture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The agents and the people of a run, each on a thread of their own, with the agents' receivers and stream readers.
final class Crowd implements AutoCloseable {

    private static final int AGENTS = 6;
    private static final int PEOPLE = 16;
    private static final List<String> TYPES = List.of(
            "imessage.received",
            "imessage.reaction_received",
            "imessage.sent",
            "imessage.delivered",
            "imessage.delivery_failed");

    private final Http operator;
    private final Diary diary;
    private final Gate gate;
    private final Receivers receivers;
    private final Map<String, Http> agents = new LinkedHashMap<>();
    private final List<String> people =
            IntStream.range(0, PEOPLE).mapToObj("+1202556%04d"::formatted).toList();
    private final List<StreamReader> readers = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Thread> acting = new ArrayList<>();

    Crowd(Http operator, Diary diary, Gate gate) {
        this.operator = operator;
        this.diary = diary;
        this.gate = gate;
        this.receivers = new Receivers(diary);
    }

    /// Makes the agents while the server is left alone, and lets everybody begin.
    void begin(long seed) {
        IntStream.range(0, AGENTS).mapToObj("agent-%d"::formatted).forEach(this::hire);
        Random seeds = new Random(seed);
        agents.forEach((handle, http) -> {
            StreamReader reader = new StreamReader(handle, http, diary, gate);
            readers.add(reader);
            Thread.ofVirtual().start(reader);
            actors.add(new Agent(handle, means(http, seeds)));
        });
        List<String> handles = List.copyOf(agents.keySet());
        people.forEach(number -> actors.add(new Person(number, handles, means(operator, seeds))));
        actors.forEach(actor -> acting.add(Thread.ofVirtual().start(actor)));
    }

    /// Lets everybody finish what they are at. The server must be up.
    void end() throws InterruptedException {
        actors.forEach(Actor::end);
        for (Thread thread : acting) {
            thread.join();
        }
    }

    Survey survey() {
        return Survey.of(operator, agents, people);
    }

    /// Whether the receivers and the readers were told of everything in this survey's journal.
    boolean told(Survey survey) {
        List<String> posted =
                diary.posts().stream().map(History.Event::id).distinct().toList();
        List<String> read =
                diary.stream().stream().map(History.Event::id).distinct().toList();
        return posted.size() == survey.journal().size()
                && read.size() == survey.journal().size();
    }

    @Override
    public void close() {
        readers.forEach(StreamReader::close);
        receivers.close();
    }

    private Actor.Means means(Http http, Random seeds) {
        return new Actor.Means(http, diary, gate, new Random(seeds.nextLong()));
    }

    private void hire(String handle) {
        JsonNode identity = operator.demand(
                operator.post("/api/v1/identities/", Map.of("agent_handle", handle, "imessage_enabled", true)));
        String id = identity.path("id").stringValue();
        JsonNode key = operator.demand(
                operator.post("/api/v1/api-keys", Map.of("label", "torture", "scoped_identity_id", id)));
        Http agent = operator.with(key.path("api_key").stringValue());
        operator.demand(operator.post(
                "/api/v1/webhooks/subscriptions",
                Map.of("agent_identity_id", id, "url", receivers.url(handle), "event_types", TYPES)));
        agents.put(handle, agent);
    }
}
