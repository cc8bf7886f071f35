package partyline.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import partyline.torture.Http.Outcome;
import tools.jackson.databind.JsonNode;

/// A person with a phone: connects and disconnects, writes to agents, sets tapbacks, opens threads. Waits for the
/// router's answer to each command, so that it is certain who reads what is written next.
final class Person extends Actor {

    private static final String ROUTER = "+12025550100";
    private static final int MOST_AGENTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final List<String> REACTIONS = List.of("love", "dislike", "emphasize", "eyes");

    /// A bubble and the line in whose thread it stands.
    private record Seen(String line, JsonNode bubble) {

        String text() {
            return bubble.path("text").stringValue("");
        }

        boolean mine() {
            return bubble.path("mine").booleanValue();
        }
    }

    private final String number;
    private final List<String> agents;
    /// The agents that this person is connected with, each with the number that it writes from.
    private final Map<String, String> lines = new HashMap<>();

    /// The newest bubble that is certainly on the phone.
    private String newest = "";

    private int said;

    Person(String number, List<String> agents, Means means) {
        super(means);
        this.number = number;
        this.agents = agents;
    }

    @Override
    void act() {
        int dice = random.nextInt(100);
        if (lines.isEmpty() || dice < 3 && lines.size() < MOST_AGENTS) {
            connect();
        } else if (dice < 6) {
            disconnect();
        } else if (dice < 14) {
            react();
        } else if (dice < 20) {
            post("/simulator/read", Map.of("from", number, "to", any(List.copyOf(lines.values()))));
        } else {
            String agent = any(List.copyOf(lines.keySet()));
            say(agent, lines.getOrDefault(agent, ""));
        }
    }

    private void say(String agent, String line) {
        said++;
        String text = "p:" + number.substring(1) + ":" + said;
        Outcome outcome = post("/simulator/messages", Map.of("from", number, "to", line, "text", text));
        diary.note(new History.Text(number, agent, text, told(outcome)));
        remember(outcome);
    }

    private void connect() {
        String agent = any(agents.stream().filter(it -> !lines.containsKey(it)).toList());
        command("connect @" + agent);
        await(
                        "the greeting of " + agent,
                        it -> !it.mine()
                                && !it.line().equals(ROUTER)
                                && it.text().contains("\"disconnect @" + agent + "\""))
                .ifPresent(greeting -> lines.put(agent, greeting.line()));
    }

    private void disconnect() {
        String agent = any(List.copyOf(lines.keySet()));
        command("disconnect @" + agent);
        String line = lines.getOrDefault(agent, "");
        lines.remove(agent);
        boolean done = await(
                        "the goodbye of " + agent,
                        it -> !it.mine()
                                && it.line().equals(ROUTER)
                                && it.text().startsWith("You are disconnected from"))
                .isPresent();
        if (done && random.nextBoolean()) {
            say("", line);
        }
    }

    /// Texts the router; when the answer is cut off, the phone tells whether it went out.
    private void command(String words) {
        boolean sent = false;
        while (!sent) {
            Outcome outcome = post("/simulator/messages", Map.of("from", number, "to", ROUTER, "text", words));
            remember(outcome);
            sent = outcome instanceof Outcome.Answered answered ? answered.success() : wasSent(words);
        }
    }

    private boolean wasSent(String words) {
        Optional<Seen> found = look().stream()
                .filter(it -> it.mine() && it.text().equals(words))
                .findFirst();
        found.ifPresent(it -> newest = it.bubble().path("id").stringValue());
        return found.isPresent();
    }

    private void react() {
        List<Seen> theirs = look().stream()
                .filter(it -> !it.mine()
                        && lines.containsValue(it.line())
                        && it.text().startsWith("a:"))
                .toList();
        if (theirs.isEmpty()) {
            return;
        }
        Seen target = any(theirs);
        String reaction = any(REACTIONS);
        Outcome outcome = post(
                "/simulator/tapbacks",
                Map.of("from", number, "message_id", target.bubble().path("id").stringValue(), "reaction", reaction));
        diary.note(new History.Tap(target.text(), false, reaction, told(outcome)));
    }

    private Optional<Seen> await(String what, Predicate<Seen> wish) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            Optional<Seen> found = look().stream().filter(wish).findFirst();
            if (found.isPresent()) {
                return found;
            }
            rest(30);
        }
        diary.complain(number + " never saw " + what);
        return Optional.empty();
    }

    /// What appeared on the phone since the newest bubble that is known to be there.
    private List<Seen> look() {
        JsonNode phone = get("/simulator/phones/" + Http.encode(number) + "?after=" + newest)
                .body();
        List<Seen> seen = new ArrayList<>();
        for (JsonNode thread : phone.path("threads")) {
            String line = thread.path("line").stringValue();
            thread.path("bubbles").forEach(bubble -> seen.add(new Seen(line, bubble)));
        }
        return seen;
    }

    private void remember(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered && answered.success()) {
            newest = answered.body().path("id").stringValue();
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
