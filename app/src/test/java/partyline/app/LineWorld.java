package partyline.app;

import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server with a router line and a pool line over fakes, an agent that listens, and Ann, who has both on her phone.
final class LineWorld implements AutoCloseable {

    static final String POOL_NUMBER = "+12025550101";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final FakeLine router;
    private final FakeLine pool;
    private final TestServer server;
    private final RecordingReceiver receiver = new RecordingReceiver();
    private final String handle = "agent-" + UUID.randomUUID();
    private final List<String> said = new ArrayList<>();
    private Api agent;
    private String secret = "";
    private String conversation = "";

    /// `settings` has the lines: one of the number [Api#ROUTER] and one of [#POOL_NUMBER].
    LineWorld(FakeLine router, FakeLine pool, String settings) {
        this.router = router;
        this.pool = pool;
        server = new TestServer(settings);
        try {
            server.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JsonNode identity = server.admin().identity(handle);
        agent = server.admin().scoped(identity);
        secret = subscribe(identity);
    }

    FakeLine router() {
        return router;
    }

    FakeLine pool() {
        return pool;
    }

    String poolNumber() {
        return POOL_NUMBER;
    }

    RecordingReceiver receiver() {
        return receiver;
    }

    String secret() {
        return secret;
    }

    String handle() {
        return handle;
    }

    Api agent() {
        return agent;
    }

    String conversation() {
        return conversation;
    }

    boolean can(FakeLine.Feature feature) {
        return pool.features().contains(feature);
    }

    void restart() {
        server.restart();
        agent = server.admin().with(agent.key());
    }

    /// Ann asks the router for the agent, which then says hello on its own line.
    void connect() {
        router.writes("connect @" + handle);
        waitFor(LineStory.PATIENCE, pool::bubbles, it -> !it.isEmpty());
    }

    /// Ann writes to the agent; the id of her message once the agent has heard of it.
    String hear(String text) {
        pool.writes(text);
        said.add(text);
        JsonNode message = waitFor(
                        LineStory.PATIENCE,
                        () -> receiver.posts().stream()
                                .map(post -> post.json().path("data").path("message"))
                                .filter(it -> it.path("content").asString("").equals(text))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
        conversation = message.path("conversation_id").asString();
        return message.path("id").asString();
    }

    /// Ann writes, and nobody waits for it.
    void write(String text) {
        pool.writes(text);
        said.add(text);
    }

    List<String> said() {
        return List.copyOf(said);
    }

    /// What the agent's history has of Ann, oldest first.
    List<String> heard() {
        return agent.get(Talk.MESSAGES + "?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("direction").asString().equals("inbound"))
                .map(it -> it.path("content").asString(""))
                .toList()
                .reversed();
    }

    /// What Ann's phone shows of the agent, after its greeting.
    List<String> replies() {
        return pool.bubbles().stream()
                .map(it -> Optional.ofNullable(it.text()).orElse(""))
                .skip(1)
                .toList();
    }

    void shown(String text) {
        waitFor(LineStory.PATIENCE, this::replies, it -> it.contains(text));
    }

    String reply(String text, @Nullable String style) {
        return id(send(text, style == null ? "" : ",\"send_style\":\"" + style + "\""));
    }

    /// From an address that only an admin of the operator may name.
    String picture(String text) {
        return id(send(server.admin(), text, ",\"media_urls\":[\"http://127.0.0.1:9/cat.jpg\"]"));
    }

    Api.Answer send(String text, String more) {
        return send(agent, text, more);
    }

    private Api.Answer send(Api caller, String text, String more) {
        return caller.post(
                Talk.MESSAGES,
                "{\"conversation_id\":\"%s\",\"text\":%s%s}"
                        .formatted(conversation, MAPPER.writeValueAsString(text), more));
    }

    JsonNode message(String id) {
        return agent.get(Talk.MESSAGES + "/" + id).expect(200).json();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            router.close();
            pool.close();
            receiver.close();
        }
    }

    private static String id(Api.Answer answer) {
        return answer.expect(201).json().path("message").path("id").asString();
    }

    private String subscribe(JsonNode identity) {
        String body = """
                {"agent_identity_id": "%s", "url": "%s",
                 "event_types": ["imessage.received", "imessage.sent", "imessage.delivered", "imessage.delivery_failed",
                                 "imessage.reaction_received"]}
                """.formatted(identity.path("id").asString(), receiver.url());
        return agent.post("/api/v1/webhooks/subscriptions", body)
                .expect(201)
                .json()
                .path("signing_key")
                .asString();
    }
}
