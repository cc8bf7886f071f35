package partyline.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import partyline.torture.History.Bubble;
import partyline.torture.History.Event;
import partyline.torture.History.Listed;
import partyline.torture.History.Marks;
import partyline.torture.History.Talk;
import tools.jackson.databind.JsonNode;

/// How the world looks to everybody at one moment: phones, lists, counts, and the journal as it can be read from its
/// beginning.
record Survey(List<Bubble> bubbles, List<Listed> messages, List<Talk> talks, List<Event> journal) {

    private static final String ROOT = "/api/v1/imessage";
    private static final int PAGE = 200;
    private static final Set<String> UNDER_WAY = Set.of("queued", "accepted", "sent", "pending", "registered");

    /// Looks at everything with the operator's eyes and with those of every agent.
    static Survey of(Http operator, Map<String, Http> agents, List<String> people) {
        List<Bubble> bubbles = new ArrayList<>();
        people.forEach(person -> phone(operator, person, bubbles));
        List<Listed> messages = new ArrayList<>();
        List<Talk> talks = new ArrayList<>();
        List<Event> journal = new ArrayList<>();
        agents.forEach((agent, http) -> {
            messages.addAll(messages(agent, http));
            talks(agent, http, talks);
            journal(agent, http, journal);
        });
        return new Survey(bubbles, messages, talks, journal);
    }

    /// Whether nothing is under way any more, as far as the lists tell.
    boolean quiet() {
        return messages.stream().noneMatch(it -> UNDER_WAY.contains(it.state()));
    }

    /// An event as webhooks and streams tell it.
    static Event event(String agent, long seq, JsonNode envelope) {
        JsonNode data = envelope.path("data");
        String message = data.path("message").isObject()
                ? data.path("message").path("id").stringValue("")
                : data.path("reaction").path("target_message_id").stringValue("")
                        + envelope.path("id").stringValue();
        return new Event(
                agent,
                seq,
                envelope.path("id").stringValue(),
                envelope.path("event_type").stringValue(),
                message);
    }

    private static void phone(Http operator, String person, List<Bubble> bubbles) {
        JsonNode phone = operator.demand(operator.get("/simulator/phones/" + Http.encode(person)));
        for (JsonNode thread : phone.path("threads")) {
            for (JsonNode bubble : thread.path("bubbles")) {
                String text = bubble.path("text").stringValue("");
                if (text.startsWith("a:") || text.startsWith("p:")) {
                    JsonNode taps = bubble.path("tapbacks");
                    bubbles.add(new Bubble(
                            person,
                            thread.path("line").stringValue(),
                            text,
                            bubble.path("mine").booleanValue(),
                            reaction(taps, "mine", false),
                            reaction(taps, "mine", true)));
                }
            }
        }
    }

    private static String reaction(JsonNode taps, String side, boolean value) {
        return taps.valueStream()
                .filter(tap -> tap.path(side).booleanValue() == value)
                .map(tap -> tap.path("reaction").stringValue())
                .findFirst()
                .orElse("");
    }

    private static List<Listed> messages(String agent, Http http) {
        List<Listed> newestFirst = new ArrayList<>();
        String cursor = "";
        while (true) {
            JsonNode page = http.demand(http.get(ROOT + "/messages?limit=" + PAGE + cursor));
            page.forEach(message -> newestFirst.add(listed(agent, message)));
            if (page.size() < PAGE) {
                return newestFirst.reversed();
            }
            cursor = "&cursor=" + newestFirst.getLast().id();
        }
    }

    private static Listed listed(String agent, JsonNode message) {
        JsonNode reactions = message.path("reactions");
        return new Listed(
                agent,
                message.path("id").stringValue(),
                message.path("remote_number").stringValue(),
                message.path("content").stringValue(),
                message.path("direction").stringValue().equals("outbound"),
                message.path("status").stringValue(),
                new Marks(
                        message.path("is_read").booleanValue(),
                        message.path("error_code").stringValue(""),
                        direction(reactions, "outbound"),
                        direction(reactions, "inbound")));
    }

    private static String direction(JsonNode reactions, String direction) {
        return reactions
                .valueStream()
                .filter(tap -> tap.path("direction").stringValue().equals(direction))
                .map(tap -> tap.path("reaction").stringValue())
                .findFirst()
                .orElse("");
    }

    private static void talks(String agent, Http http, List<Talk> talks) {
        http.demand(http.get(ROOT + "/conversations?limit=200"))
                .forEach(talk -> talks.add(new Talk(
                        agent,
                        talk.path("remote_number").stringValue(),
                        talk.path("unread_count").intValue(),
                        talk.path("total_count").intValue())));
    }

    private static void journal(String agent, Http http, List<Event> journal) {
        long after = 0;
        while (true) {
            JsonNode page = http.demand(http.get(ROOT + "/events?limit=" + PAGE + "&after=" + after));
            page.path("events")
                    .forEach(event -> journal.add(event(agent, event.path("seq").longValue(), event)));
            if (page.path("events").isEmpty()) {
                return;
            }
            after = page.path("next").longValue();
        }
    }
}
