package partyline.app.operator;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.JsonNode;

/// What an operator does next who has made an agent or a key for one, in lines to copy. Thread-safe.
public final class NextSteps {

    /// A server that runs: where its API is, and what people do to connect with the agent of a handle.
    public record Server(String url, Function<Handle, Optional<JsonNode>> connecting) {}

    private final Supplier<Optional<Server>> server;
    private final Optional<PhoneNumber> router;

    /// `server` is empty as long as none runs on the folder; `router` is the one that it will have, where that is
    /// known.
    public NextSteps(Supplier<Optional<Server>> server, Optional<PhoneNumber> router) {
        this.server = server;
        this.router = router;
    }

    String withAgent(Identity agent, String key) {
        return "agent         %s of %s\n%s\n\n%s\n\n%s"
                .formatted(agent.handle(), agent.organization(), shown(key), connect(agent), hear());
    }

    String withKey(Identity agent, String key) {
        return "agent         %s\n%s\n\n%s".formatted(agent.handle(), shown(key), hear());
    }

    private static String shown(String key) {
        return "key           " + key
                + "\n\nThis key is the agent's own, and shown once: keep it. Send it as X-API-Key.";
    }

    private String connect(Identity agent) {
        String words = "\"connect " + agent.handle() + "\"";
        return server.get()
                .flatMap(running -> running.connecting().apply(agent.handle()))
                .map(way -> "People text %s to %s, or open on their phone:\n  %s"
                        .formatted(
                                way.has("connect_command") ? words : "anything",
                                way.path("number").asString(),
                                way.path("sms_link").asString()))
                .or(() -> router.map(it -> "People text " + words + " to " + it + ", once the server runs."))
                .orElse("People text " + words + " to the number of the router, once the server runs and has one.");
    }

    private String hear() {
        Optional<String> url = server.get().map(Server::url);
        return "Hear what they say, as it comes (KEY is the key above"
                + (url.isPresent() ? "" : ", API the server's URL")
                + "):\n  curl -sSN " + url.orElse("$API")
                + "/api/v1/imessage/events -H \"X-API-Key: $KEY\"";
    }
}
