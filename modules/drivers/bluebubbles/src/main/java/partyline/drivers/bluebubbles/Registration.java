package partyline.drivers.bluebubbles;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps exactly one right webhook of this line at the Mac. An address that is registered again keeps its old
/// events, so a wrong one is taken away first; the server's own search by address fails, so all are listed.
record Registration(MacApi api, MacSettings settings, Supplier<String> hookUrl) {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    static final List<String> EVENTS = List.of(
            "new-message", "updated-message", "message-send-error", "typing-indicator", "hello-world", "new-server");

    /// What is wrong, with its fix; empty when the webhook is as it should be, or has just become so.
    String repair() {
        Optional<String> url = url();
        if (url.isEmpty()) {
            return "The server does not listen yet.";
        }
        String unreachable = unreachable();
        if (!unreachable.isEmpty()) {
            return unreachable;
        }
        Optional<JsonNode> hooks = api.get("/webhook").answer();
        if (hooks.isEmpty()) {
            return "The Mac does not show its webhooks.";
        }
        boolean right = false;
        for (JsonNode hook : hooks.get().path("data")) {
            String theirs = hook.path("url").asString("");
            if (theirs.equals(url.get()) && isRight(hook)) {
                right = true;
            } else if (theirs.startsWith(place(url.get()))) {
                api.delete("/webhook/" + hook.path("id").asInt());
            }
        }
        return right || register(url.get())
                ? ""
                : "The Mac did not take the webhook: register it by hand or use events: poll.";
    }

    /// Why a Mac elsewhere could not call us; empty when it might.
    String unreachable() {
        String ours = String.valueOf(URI.create(hookUrl.get()).getHost());
        String theirs = String.valueOf(settings.url().getHost());
        return settings.webhook() && LOOPBACK.contains(ours) && !LOOPBACK.contains(theirs)
                ? "The Mac cannot call this server at " + ours + ": set http.public_url, or use events: poll."
                : "";
    }

    /// The address at which the Mac may call, once the server listens.
    Optional<String> url() {
        URI url = URI.create(hookUrl.get());
        return url.getHost() == null || url.getPort() == 0 ? Optional.empty() : Optional.of(url.toString());
    }

    private boolean register(String url) {
        ObjectNode body = Json.object().put("url", url);
        ArrayNode events = body.putArray("events");
        EVENTS.forEach(events::add);
        return api.ask("/webhook", body).success();
    }

    private static boolean isRight(JsonNode hook) {
        Set<String> theirs = new HashSet<>();
        hook.path("events").forEach(event -> theirs.add(event.asString("")));
        return theirs.equals(Set.copyOf(EVENTS));
    }

    /// The address without its secret.
    private static String place(String url) {
        return url.substring(0, url.lastIndexOf('/') + 1);
    }
}
