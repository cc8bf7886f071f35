package partyline.journey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An agent and the people that it talks with, who make the journeys.
///
/// What people do on their phones reaches the server a latency later. A span opens in that time, so that the request by
/// which the simulator was asked to do it is not in the journey. Used by one thread.
final class Traveller {

    private static final String ROUTER = "+12025550100";
    private static final String HANDLE = "journey-agent";
    private static final String FRIEND = "+12025550199";

    /// What goes on beside the last step of a journey is in it too.
    private static final Duration BESIDE = Duration.ofMillis(150);

    private final HttpApi api;
    private final EventReceiver receiver;
    private final Duration latency;
    private final String agent;
    private final String line;
    private int people;
    private int words;

    /// Makes an agent with a webhook and one friend, who talked already.
    Traveller(HttpApi api, EventReceiver receiver, Duration latency) {
        this.api = api;
        this.receiver = receiver;
        this.latency = latency;
        agent = api.post(
                        "/api/v1/identities/",
                        Map.of("agent_handle", HANDLE, "display_name", "Journey", "imessage_enabled", true))
                .path("id")
                .stringValue();
        List<String> events = List.of("imessage.received", "imessage.sent", "imessage.delivered");
        api.post(
                "/api/v1/webhooks/subscriptions",
                Map.of("agent_identity_id", agent, "url", receiver.url(), "event_types", events));
        connect(FRIEND, Span.UNMEASURED);
        line = thread(FRIEND).orElseThrow().path("line").stringValue();
        text(Span.UNMEASURED);
        send(Span.UNMEASURED);
    }

    /// Makes the journey once. Returns false when the machine was too slow to measure it from its beginning to its end
    /// and no further.
    boolean go(Journey journey, Span span) {
        boolean whole = switch (journey) {
            case TEXT -> text(span);
            case COMMAND -> connect("+120255502" + (10 + ++people), span);
            case SEND -> send(span);
            case RECEIPT -> receipt(span);
        };
        Wait.of(BESIDE);
        return whole;
    }

    private boolean text(Span span) {
        Instant due = write(FRIEND, line, "How are you, for the " + ++words + ". time?");
        boolean whole = openBefore(due, span);
        receiver.await("imessage.received");
        close(span);
        return whole;
    }

    /// Ends when the phone network has the answers, which is before it tells the first receipt for one of them.
    private boolean connect(String person, Span span) {
        Instant due = write(person, ROUTER, "connect @" + HANDLE);
        boolean whole = openBefore(due, span);
        Wait.until(due.plus(latency.dividedBy(2)));
        Instant end = Instant.now();
        span.close();
        whole &= Instant.now().isBefore(due.plus(latency));
        JsonNode thread = Wait.untilFound("the greeting of @" + HANDLE, () -> thread(person));
        return whole
                && thread.path("bubbles")
                        .valueStream()
                        .allMatch(bubble ->
                                Instant.parse(bubble.path("at").stringValue()).isBefore(end));
    }

    private boolean send(Span span) {
        span.open();
        reply();
        receiver.await("imessage.sent");
        receiver.answer();
        receiver.await("imessage.delivered");
        close(span);
        return true;
    }

    private boolean receipt(Span span) {
        Instant due = Instant.now().plus(latency.multipliedBy(2));
        reply();
        receiver.await("imessage.sent");
        receiver.answer();
        Wait.of(BESIDE);
        boolean whole = openBefore(due, span);
        receiver.await("imessage.delivered");
        close(span);
        return whole;
    }

    /// Closes before the receiver answers: what that sets off is no part of a journey that ends with the post.
    private void close(Span span) {
        Wait.of(BESIDE);
        span.close();
        receiver.answer();
    }

    private static boolean openBefore(Instant due, Span span) {
        span.open();
        return Instant.now().isBefore(due);
    }

    /// Writes on a phone, and returns the earliest time at which the server may hear of it.
    private Instant write(String person, String to, String text) {
        Instant now = Instant.now();
        api.post("/simulator/messages", Map.of("from", person, "to", to, "text", text));
        return now.plus(latency);
    }

    private void reply() {
        api.post(
                "/api/v1/imessage/messages?agent_identity_id=" + agent,
                Map.of("to", FRIEND, "text", "Fine, for the " + ++words + ". time."));
    }

    /// The thread of the agent on this phone, once there is something in it.
    private Optional<JsonNode> thread(String person) {
        return api.get("/simulator/phones/" + HttpApi.encode(person))
                .path("threads")
                .valueStream()
                .filter(thread -> !thread.path("line").stringValue().equals(ROUTER))
                .findFirst();
    }
}
