package partyline.app;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// An agent with one of everything: a conversation, a contact, a rule, a subscription, a delivery, a tapback.
/// What a row of the [RouteTable] calls `{name}` is here.
record RouteWorld(Api own, Map<String, String> names) {

    /// What nobody else may ever read: its ids, its handle, the number it talks with.
    private static final List<String> SECRETS = List.of(
            "identity",
            "handle",
            "number",
            "conversation_id",
            "message_id",
            "assignment_id",
            "sent_id",
            "reaction_id",
            "rule_id",
            "subscription_id",
            "delivery_id",
            "key_id");

    static RouteWorld of(Talk talk, Api organization) {
        Map<String, String> names = new HashMap<>();
        names.put("identity", talk.identity().path("id").asString());
        names.put("handle", talk.handle());
        names.put("number", talk.person());
        names.put("conversation_id", talk.conversation());
        names.put("message_id", talk.first());
        names.put(
                "assignment_id",
                talk.message(talk.first()).path("assignment_id").asString());
        names.put("once", UUID.randomUUID().toString());
        names.put("sent_id", sent(talk, names.get("once")));
        names.put("key_id", talk.agent().key().split("\\.")[0]);
        names.put("file", "app.js");
        names.put("place", "agents");
        names.put("shared", "api.js");
        names.put("page", "receiving");
        names.put("example", "echo.py");
        names.put("line_id", "sim-pool-1");
        names.put("secret", "0".repeat(64));
        names.put("kind", "news");
        String url =
                Upload.of(talk.agent(), "a.png", "image/png", new byte[] {1}).url();
        names.put("token", url.split("/")[4]);
        names.put("name", "a.png");
        names.put("tunnel", UUID.randomUUID().toString());
        names.put("action", "sign-csr");
        Upload.avatar(talk.agent(), talk.handle(), Upload.png(1, 1, 0)).expect(200);
        names.put("contact_id", id(organization.post("/api/v1/contacts", "{\"given_name\":\"Sam\"}")));
        String reaction = "{\"message_id\":\"%s\",\"reaction\":\"love\"}".formatted(talk.first());
        names.put("reaction_id", id(talk.agent().post("/api/v1/imessage/reactions", reaction)));
        String rules = "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules";
        String rule = "{\"match_target\":\"+12025558888\",\"action\":\"allow\"}";
        names.put("rule_id", id(organization.post(rules, rule)));
        names.put(
                "subscription_id",
                id(organization.post(
                        "/api/v1/webhooks/subscriptions",
                        "{\"agent_identity_id\":\"%s\",\"url\":\"https://receiver.invalid/%s\",\"event_types\":[\"imessage.sent\"]}"
                                .formatted(names.get("identity"), talk.handle()))));
        String attempt = "/api/v1/webhooks/subscriptions/" + names.get("subscription_id") + "/test";
        names.put("delivery_id", id(organization.post(attempt, "")));
        return new RouteWorld(talk.agent(), Map.copyOf(names));
    }

    /// The text with every `{name}` replaced; `{fresh}` is a handle that nobody has.
    String fill(String text) {
        String filled = text.replace("{fresh}", "fresh-" + UUID.randomUUID());
        for (Map.Entry<String, String> name : names.entrySet()) {
            filled = filled.replace("{" + name.getKey() + "}", name.getValue());
        }
        return filled;
    }

    /// The path with every `{name}` and `<name>` replaced, fit for a URL.
    String path(RouteTable.Row row) {
        return fill(row.path().replace('<', '{').replace('>', '}') + row.query())
                .replace("+", "%2B");
    }

    String[] headers(RouteTable.Row row) {
        return Arrays.stream(row.headers()).map(this::fill).toArray(String[]::new);
    }

    List<String> secrets() {
        return SECRETS.stream().map(names::get).toList();
    }

    private static String sent(Talk talk, String once) {
        return talk.agent()
                .with(Map.of("Idempotency-Key", once))
                .post(Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"once\"}".formatted(talk.conversation()))
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
    }

    private static String id(Api.Answer answer) {
        JsonNode json = answer.expect(201).json();
        return json.path("id").asString();
    }
}
