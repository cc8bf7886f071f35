package partyline.app;

import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A person and an agent, connected and talking: what most tests begin with.
public record Talk(
        Api admin, Api agent, JsonNode identity, String person, String line, String conversation, String first) {

    public static final String MESSAGES = "/api/v1/imessage/messages";

    /// A fresh agent, a fresh person, and the person's first message.
    public static Talk begin(TestServer server) {
        return begin(server, server.admin());
    }

    /// An agent of this admin's organization.
    public static Talk begin(TestServer server, Api organization) {
        Api admin = server.admin();
        String handle = "agent-" + UUID.randomUUID();
        JsonNode identity = organization.identity(handle);
        Api agent = organization.scoped(identity);
        String person = server.person();
        String line = admin.connect(person, handle);
        admin.text(person, line, "hello");
        JsonNode first = waitFor(() -> agent.get(MESSAGES).expect(200).json(), it -> it.size() == 1)
                .get(0);
        return new Talk(
                admin,
                agent,
                identity,
                person,
                line,
                first.path("conversation_id").asString(),
                first.path("id").asString());
    }

    /// The same two after the server started anew, which may be elsewhere.
    public Talk with(TestServer server) {
        Api admin = server.admin();
        return new Talk(admin, admin.with(agent.key()), identity, person, line, conversation, first);
    }

    public String handle() {
        return identity.path("agent_handle").asString();
    }

    public Api.Answer reply(String text) {
        return agent.post(MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(conversation, text));
    }

    /// Sends and waits until it is delivered; returns the message's id.
    public String delivered(String text) {
        String id = reply(text).expect(201).json().path("message").path("id").asString();
        waitFor(() -> message(id).path("status").asString(), "delivered"::equals);
        return id;
    }

    public JsonNode message(String id) {
        return agent.get(MESSAGES + "/" + id).expect(200).json();
    }

    public List<JsonNode> bubbles() {
        return admin.bubbles(person, line);
    }

    /// The bubble on the phone that says `text`.
    public JsonNode bubble(String text) {
        return waitFor(
                        () -> bubbles().stream()
                                .filter(it -> it.path("text").asString("").equals(text))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    /// The person reacts to a bubble.
    public void tapback(JsonNode bubble, String reaction, Map<String, String> more) {
        String extra = more.entrySet().stream()
                .map(entry -> ",\"%s\":%s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
        admin.post(
                        "/simulator/tapbacks",
                        "{\"from\":\"%s\",\"message_id\":\"%s\",\"reaction\":\"%s\"%s}"
                                .formatted(person, bubble.path("id").asString(), reaction, extra))
                .expect(204);
    }

    public JsonNode subscribe(RecordingReceiver receiver, String type) {
        return agent.post(
                        "/api/v1/webhooks/subscriptions",
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"%s\"]}"
                                .formatted(identity.path("id").asString(), receiver.url(), type))
                .expect(201)
                .json();
    }
}
