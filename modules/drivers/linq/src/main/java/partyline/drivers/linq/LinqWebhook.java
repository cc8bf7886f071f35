package partyline.drivers.linq;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.SignedRequests;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import partyline.transport.LineSetup;
import partyline.transport.WebhookReceiver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The line's webhook subscription at Linq, and the proof that a call comes from there. Linq tells the secret that it
/// signs with once, when the subscription is made: it is kept in the driver's memory, with the subscription's id.
/// One at our address whose secret nobody knows is made anew. Used by one thread, but for [#proves].
record LinqWebhook(LineSetup setup, HttpCalls calls, WebhookAddress address, Optional<String> givenSecret) {

    /// What the address of Linq's calls ends in.
    static final String KIND = "events";

    private static final String PATH = "/v3/webhook-subscriptions";
    private static final String VERSION = "?version=2026-02-03";
    private static final String NOTE = "linq_subscription";
    private static final List<String> EVENTS = List.of(
            "message.received",
            "message.sent",
            "message.delivered",
            "message.read",
            "message.failed",
            "message.edited",
            "reaction.added",
            "reaction.removed",
            "chat.typing_indicator.started",
            "chat.typing_indicator.stopped",
            "phone_number.status_updated");

    /// Which one is ours, and what it signs with.
    private record Ours(String id, String secret) {}

    /// Whether Linq calls us with all that we want to hear, after putting right what was not so.
    boolean registered() {
        Optional<JsonNode> listed = calls.get(PATH).answer();
        if (listed.isEmpty()) {
            return false;
        }
        Optional<Ours> ours = ours();
        List<JsonNode> all = listed.get().path("subscriptions").valueStream().toList();
        Optional<JsonNode> known = all.stream()
                .filter(it ->
                        ours.isPresent() && text(it, "id").equals(ours.get().id()))
                .findFirst();
        Optional<JsonNode> here =
                all.stream().filter(it -> text(it, "target_url").equals(url())).findFirst();
        Optional<JsonNode> usable = known.or(() -> here.filter(_ -> givenSecret.isPresent()));
        if (usable.isPresent()) {
            return isRight(usable.get())
                    || calls.put(PATH + "/" + text(usable.get(), "id"), wanted().put("is_active", true))
                            .success();
        }
        here.ifPresent(it -> calls.delete(PATH + "/" + text(it, "id")));
        return make();
    }

    /// What was signed with the secret that we know was refused although it was Linq's: another subscription will do.
    void forget() {
        setup.around().memory().keep(setup.line(), NOTE, "{}");
    }

    /// Whether a call is signed as Linq signs, and new: in the way of Standard Webhooks, or in Linq's older one.
    boolean proves(WebhookReceiver.Request request, Instant now) {
        return secrets()
                .anyMatch(secret -> SignedRequests.of(secret).proves(request, now)
                        || provesAsOnce(Hmac.sha256(secret), request, now));
    }

    /// Whether the operator made the subscription.
    boolean hasGivenSecret() {
        return givenSecret.isPresent();
    }

    /// Whether nobody could prove anything yet.
    boolean isUnknown() {
        return secrets().findAny().isEmpty();
    }

    private static boolean provesAsOnce(Hmac key, WebhookReceiver.Request request, Instant now) {
        String timestamp = request.header("x-webhook-timestamp");
        if (timestamp == null || !SignedRequests.isFresh(timestamp, now)) {
            return false;
        }
        byte[] head = (timestamp + ".").getBytes(StandardCharsets.UTF_8);
        String right = HexFormat.of().formatHex(key.of(head, request.body()));
        return Hmac.same(right, request.header("x-webhook-signature"));
    }

    private boolean make() {
        Reply reply = calls.post(PATH, wanted());
        Optional<JsonNode> made =
                reply.answer().filter(it -> !text(it, "signing_secret").isEmpty());
        made.ifPresent(it -> setup.around()
                .memory()
                .keep(
                        setup.line(),
                        NOTE,
                        Json.write(Json.object().put("id", text(it, "id")).put("secret", text(it, "signing_secret")))));
        return made.isPresent();
    }

    private ObjectNode wanted() {
        ObjectNode body = Json.object().put("target_url", url());
        EVENTS.forEach(body.withArray("subscribed_events")::add);
        body.withArray("phone_numbers").add(setup.line().number().text());
        return body;
    }

    private boolean isRight(JsonNode subscription) {
        return text(subscription, "target_url").equals(url())
                && subscription.path("is_active").asBoolean(true)
                && texts(subscription, "subscribed_events").containsAll(EVENTS)
                && texts(subscription, "phone_numbers")
                        .equals(List.of(setup.line().number().text()));
    }

    private String url() {
        return address.of(KIND) + VERSION;
    }

    private Stream<String> secrets() {
        return Stream.concat(givenSecret.stream(), ours().map(Ours::secret).stream());
    }

    private Optional<Ours> ours() {
        return setup.around()
                .memory()
                .recall(setup.line(), NOTE)
                .map(Json::read)
                .filter(note -> note.has("secret"))
                .map(note -> new Ours(text(note, "id"), text(note, "secret")));
    }

    private static String text(JsonNode json, String key) {
        return json.path(key).asString("");
    }

    private static List<String> texts(JsonNode json, String key) {
        return json.path(key).valueStream().map(JsonNode::asString).toList();
    }
}
