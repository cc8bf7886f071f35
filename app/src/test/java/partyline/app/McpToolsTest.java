package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What an agent does over the Model Context Protocol, and what it may not; how that is spoken is in
/// [McpProtocolTest].
class McpToolsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String WAIT = "{'timeout_seconds':30,'cursor':'%s'}";

    private Talk talk = Talk.begin(server);

    @ParameterizedTest(name = "stateless {0}")
    @ValueSource(booleans = {false, true})
    void an_agent_with_nothing_else_holds_a_conversation_over_a_restart(boolean stateless) {
        JsonNode identity = server.admin().identity("agent-" + UUID.randomUUID());
        Mcp agent = new Mcp(server.admin().scoped(identity), stateless);
        String person = server.person();
        JsonNode way = agent.done("connect_instructions", "{}");
        assertThat(way.path("instructions").asString())
                .contains(
                        way.path("connect_command").asString(),
                        Api.ROUTER,
                        way.path("sms_link").asString());
        String cursor = agent.done("wait_for_message", "{'timeout_seconds':0}")
                .path("cursor")
                .asString();

        server.admin()
                .text(
                        person,
                        way.path("number").asString(),
                        way.path("connect_command").asString());
        String line = waitFor(() -> server.admin().phone(person).path("threads"), it -> it.size() == 2)
                .valueStream()
                .map(thread -> thread.path("line").asString())
                .filter(it -> !it.equals(Api.ROUTER))
                .findFirst()
                .orElseThrow();
        server.admin().text(person, line, "marco");
        JsonNode heard = agent.done("wait_for_message", WAIT.formatted(cursor));
        JsonNode message = heard.path("events").path(0).path("data").path("message");
        assertThat(message.path("content").asString()).isEqualTo("marco");
        String in = "{'conversation_id':'" + message.path("conversation_id").asString() + "'";

        assertThat(agent.done("read_conversation", in + "}").path("messages")).hasSize(1);
        assertThat(agent.done("mark_read", in + "}").path("updated_count").asInt())
                .isEqualTo(1);
        agent.done("set_typing", in + "}");
        agent.done("send_message", in + ",'text':'polo'}");
        agent.done("react", "{'message_id':'" + message.path("id").asString() + "','reaction':'love'}");
        waitFor(
                () -> server.admin().bubbles(person, line).toString(),
                it -> it.contains("polo") && it.contains("love"));
        server.admin().text(person, line, "before");
        waitFor(() -> agent.done("read_conversation", in + "}").path("messages"), it -> it.size() == 3);
        server.restart();
        Mcp again = new Mcp(server.admin().with(agent.api().key()), stateless);
        server.admin().text(person, line, "after");

        List<String> texts = new ArrayList<>();
        String place = heard.path("cursor").asString();
        while (texts.size() < 2) {
            JsonNode more = again.done("wait_for_message", WAIT.formatted(place).replace("}", ",'limit':1}"));
            more.path("events")
                    .forEach(it -> texts.add(
                            it.path("data").path("message").path("content").asString()));
            place = more.path("cursor").asString();
        }
        assertThat(texts).containsExactly("before", "after");
        assertThat(again.done("wait_for_message", "{'timeout_seconds':0,'cursor':'%s'}".formatted(place))
                        .path("events"))
                .isEmpty();
        assertThat(again.done("list_conversations", "{}")
                        .path("conversations")
                        .path(0)
                        .path("latest_text")
                        .asString())
                .isEqualTo("after");
    }

    @Test
    void waiting_without_a_cursor_hears_what_comes_from_now_on_and_only_what_people_do() throws Exception {
        talk.delivered("not this");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> waiting = threads.submit(() -> mcp().done("wait_for_message", "{'timeout_seconds':30}"));
            // Until it waits nobody knows what "from now on" is, so the person goes on writing until it has heard.
            for (int at = 0; !waiting.isDone(); at++) {
                talk.admin().text(talk.person(), talk.line(), "text " + at);
            }

            assertThat(waiting.get().path("events").path(0).path("event_type").asString())
                    .isEqualTo("imessage.received");
        }
    }

    @Test
    void nothing_is_lost_between_two_calls_however_many_come() {
        String cursor = mcp().done("wait_for_message", "{'timeout_seconds':0}")
                .path("cursor")
                .asString();
        List<String> said = IntStream.range(0, 12).mapToObj(at -> "text " + at).toList();
        List<String> heard = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> said.forEach(text -> talk.admin().text(talk.person(), talk.line(), text)));
            while (heard.size() < said.size()) {
                JsonNode more =
                        mcp().done("wait_for_message", WAIT.formatted(cursor).replace("}", ",'limit':3}"));
                more.path("events")
                        .forEach(it -> heard.add(
                                it.path("data").path("message").path("content").asString()));
                cursor = more.path("cursor").asString();
            }
        }

        assertThat(heard).isEqualTo(said);
    }

    @Test
    void who_waits_is_sent_away_when_the_key_is_revoked() throws Exception {
        String waits =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"wait_for_message\"}}";
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // When twenty leave no place each is in its own; before, one may have to make way for who asks.
            List<Future<Api.Answer>> waiting = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> waitFor(
                            () -> talk.agent().post("/mcp", waits),
                            it -> !it.text().contains("too_many_streams"))))
                    .toList();
            String full = waitFor(
                            () -> mcp().call("wait_for_message", "{'timeout_seconds':0}"),
                            it -> it.path("isError").asBoolean())
                    .toString();
            assertThat(full).contains("too_many_streams", "retry_after_seconds");

            talk.agent().post("/api/v1/api-keys/self/revoke", "{}").expect(200);

            for (Future<Api.Answer> each : waiting) {
                each.get().expect(401);
            }
        }
    }

    @Test
    void a_server_that_stops_lets_go_who_waits() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> waiting = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> waitFor(
                            () -> mcp().call("wait_for_message", "{}"),
                            it -> !it.path("isError").asBoolean())))
                    .toList();
            waitFor(
                    () -> mcp().call("wait_for_message", "{'timeout_seconds':0}"),
                    it -> it.path("isError").asBoolean());

            server.restart();

            for (Future<JsonNode> each : waiting) {
                JsonNode told = each.get().path("structuredContent");
                assertThat(told.path("events")).isEmpty();
                assertThat(told.path("cursor").asString()).isNotEmpty();
            }
        }
        talk = talk.with(server);
    }

    @Test
    void what_belongs_to_others_looks_like_what_is_not_there() {
        Talk sibling = Talk.begin(server);
        Talk foreign = Talk.begin(server, server.stranger());
        String nobodys = UUID.randomUUID().toString();

        for (Talk other : List.of(sibling, foreign)) {
            String theirs = "{'conversation_id':'" + other.conversation() + "'";
            String none = "{'conversation_id':'" + nobodys + "'";
            for (String tool : List.of("read_conversation", "mark_read", "set_typing")) {
                assertThat(mcp().refused(tool, theirs + "}")).isEqualTo(mcp().refused(tool, none + "}"));
            }
            assertThat(mcp().refused("send_message", theirs + ",'text':'x'}"))
                    .isEqualTo(mcp().refused("send_message", none + ",'text':'x'}"));
            assertThat(mcp().refused("react", "{'message_id':'" + other.first() + "','reaction':'love'}"))
                    .isEqualTo(mcp().refused("react", "{'message_id':'" + nobodys + "','reaction':'love'}"));
            assertThat(mcp().refused("list_conversations", "{'agent':'" + other.handle() + "'}"))
                    .isEqualTo(mcp().refused("list_conversations", "{'agent':'agent-of-nobody'}"));
        }
        assertThat(Mcp.of(server.stranger()).refused("list_rules", "{'agent':'" + talk.handle() + "'}"))
                .contains("identity_not_found");
        assertThat(mcp().done("list_conversations", "{}").path("conversations")).hasSize(1);
        assertThat(mcp().done("wait_for_message", "{'cursor':'0','timeout_seconds':0}")
                        .toString())
                .contains(talk.first())
                .doesNotContain(sibling.first(), foreign.first());
    }

    @Test
    void an_admin_names_the_agent_and_sees_what_it_sees() {
        Mcp admin = Mcp.of(server.admin());
        String agent = "'agent':'@" + talk.handle() + "'";
        assertThat(admin.refused("list_conversations", "{}")).contains("agent is required with an admin key");

        JsonNode found = admin.done("list_conversations", "{" + agent + "}");
        admin.done("send_message", "{" + agent + ",'to':'" + talk.person() + "','text':'by the admin'}");
        assertThat(found.path("conversations").path(0).path("id").asString()).isEqualTo(talk.conversation());
        assertThat(talk.bubble("by the admin").path("text").asString()).isEqualTo("by the admin");

        admin.done("add_rule", "{" + agent + ",'match_target':'" + talk.person() + "','action':'block'}");
        talk.admin().text(talk.person(), talk.line(), "unheard");
        waitFor(() -> talk.admin().get(Talk.MESSAGES + "?is_blocked=true").text(), it -> it.contains("unheard"));
        assertThat(admin.done("read_conversation", "{" + agent + ",'conversation_id':'" + talk.conversation() + "'}")
                        .toString())
                .contains("by the admin")
                .doesNotContain("unheard");
    }

    @Test
    void an_agent_may_block_and_only_an_admin_may_allow() {
        String person = "'match_target':'" + server.person() + "'";

        assertThat(mcp().refused("add_rule", "{" + person + ",'action':'allow'}"))
                .contains("admin_key_required", "block");
        JsonNode rule =
                mcp().done("add_rule", "{" + person + ",'action':'block'}").path("rule");
        assertThat(mcp().refused("add_rule", "{" + person + ",'action':'block'}"))
                .contains("duplicate_contact_rule", rule.path("id").asString());
        Mcp.of(server.admin())
                .done(
                        "add_rule",
                        "{'agent':'%s','match_target':'%s','action':'allow'}"
                                .formatted(talk.handle(), server.person()));

        JsonNode rules = mcp().done("list_rules", "{}").path("rules");
        assertThat(rules).hasSize(2);
        assertThat(rules.path(1).path("id")).isEqualTo(rule.path("id"));
        assertThat(mcp().done("list_rules", "{'limit':1}").path("next_offset").asInt())
                .isEqualTo(1);
    }

    @Test
    void errors_say_what_to_change() {
        String in = "{'conversation_id':'" + talk.conversation() + "'";

        assertThat(mcp().refused("send_message", in + "}")).contains("text is missing", "invalid_argument");
        assertThat(mcp().refused("send_message", in + ",'text':7}")).startsWith("text must be a string");
        assertThat(mcp().refused("send_message", in + ",'message':'x'}")).startsWith("message is not known here");
        assertThat(mcp().refused("send_message", in + ",'text':'x','idempotency_key':'é'}"))
                .startsWith("idempotency_key must");
        assertThat(mcp().refused("react", "{'message_id':'" + talk.first() + "','reaction':'wink'}"))
                .contains("must be one of", "laugh");
        assertThat(mcp().refused("wait_for_message", "{'timeout_seconds':56}")).contains("0 to 55");
        assertThat(mcp().refused("wait_for_message", "{'cursor':'soon'}")).startsWith("cursor must be");
        assertThat(mcp().refused("wait_for_message", "{'cursor':'evt_0197a3c26f0e7c319d553f1f0a9be1c4'}"))
                .contains("not its id", "cursor of the last result");
        assertThat(mcp().done("wait_for_message", "{'cursor':0,'timeout_seconds':0}")
                        .path("events"))
                .isNotEmpty();
        assertThat(mcp().refused("wait_for_message", "{'cursor':'999999999'}")).contains("events_replaced", "\"next\"");
        assertThat(mcp().refused("wait_for_message", "{'types':['imessage.teleported']}"))
                .contains("imessage.delivered");
        assertThat(mcp().refused("upload_media", "{'data':'!'}")).contains("Base64");
        assertThat(mcp().refused("upload_media", "{'data':''}")).contains("at least one");
        String stranger = server.person();
        assertThat(mcp().refused("send_message", "{'to':'" + stranger + "','text':'x'}"))
                .contains("imessage_not_connected", "connect @" + talk.handle(), Api.ROUTER);
        talk.admin()
                .patch("/simulator/phones/" + Api.encode(talk.person()), "{\"service\":\"sms\"}")
                .expect(200);
        assertThat(mcp().refused("react", "{'message_id':'" + talk.first() + "','reaction':'love'}"))
                .contains("imessage_not_reactable", "phone");
    }

    @Test
    void a_key_of_the_agents_own_sends_once() {
        String send = "{'conversation_id':'" + talk.conversation() + "','text':'once','idempotency_key':'k1'}";

        JsonNode first = mcp().done("send_message", send);
        JsonNode second = mcp().done("send_message", send);

        assertThat(first.path("replayed").asBoolean()).isFalse();
        assertThat(second.path("replayed").asBoolean()).isTrue();
        assertThat(second.path("message").path("id"))
                .isEqualTo(first.path("message").path("id"));
        assertThat(mcp().refused("send_message", send.replace("'once'", "'twice'")))
                .contains("idempotency_key_reused", "it is done");
    }

    @Test
    void a_picture_is_kept_and_goes_with_a_text() {
        String data = Base64.getEncoder().encodeToString("hello, file".getBytes(StandardCharsets.UTF_8));
        JsonNode kept =
                mcp().done("upload_media", "{'data':'" + data + "','name':'note.txt','content_type':'text/plain'}");
        String url = kept.path("media_url").asString();

        mcp().done(
                        "send_message",
                        "{'conversation_id':'%s','text':'look','media_urls':['%s']}"
                                .formatted(talk.conversation(), url));

        assertThat(kept.path("size").asInt()).isEqualTo(11);
        assertThat(url).endsWith("/note.txt");
        assertThat(server.nobody()
                        .get(url.substring(url.indexOf("/media/")))
                        .expect(200)
                        .text())
                .isEqualTo("hello, file");
        waitFor(() -> talk.bubbles().toString(), it -> it.contains("look"));
    }

    @Test
    void a_conversation_is_read_backwards_page_by_page_each_in_the_order_of_talk() {
        talk.delivered("two");
        talk.delivered("three");
        String in = "{'conversation_id':'" + talk.conversation() + "','limit':2";

        JsonNode latest = mcp().done("read_conversation", in + "}");
        JsonNode earlier = mcp().done("read_conversation", in + ",'before':" + latest.path("before") + "}");

        assertThat(contents(latest)).containsExactly("two", "three");
        assertThat(contents(earlier)).containsExactly("hello");
        assertThat(earlier.has("before")).isFalse();
        assertThat(latest.toString()).doesNotContain("null");
    }

    @Test
    void a_page_ends_before_its_texts_grow_large_and_so_does_a_batch() {
        String text = "x".repeat(18_000);
        IntStream.range(0, 30).forEach(_ -> talk.admin().text(talk.person(), talk.line(), text));
        waitFor(
                () -> talk.agent()
                        .get(Talk.MESSAGES + "?offset=30")
                        .expect(200)
                        .json()
                        .size(),
                it -> it == 1);
        String read =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"read_conversation\","
                        + "\"arguments\":{\"conversation_id\":\"" + talk.conversation() + "\",\"limit\":200}}}";

        JsonNode answers = talk.agent()
                .post("/mcp", "[" + read + "," + read + "]")
                .expect(200)
                .json();

        JsonNode page = answers.path(0).path("result").path("structuredContent");
        assertThat(page.path("messages")).hasSize(30);
        assertThat(page.has("before")).isTrue();
        assertThat(answers.path(1).path("error").path("message").asString()).contains("by itself");
    }

    @Test
    void messages_are_searched_in_one_conversation_or_in_all_that_the_agent_sees() {
        talk.delivered("see you at noon");
        Talk other = Talk.begin(server, server.stranger());
        other.delivered("noon is theirs");

        JsonNode found = mcp().done("search_messages", "{'q':'noon','limit':1}");

        assertThat(contents(found)).containsExactly("see you at noon");
        assertThat(found.path("messages").path(0).path("snippet")).isNotEmpty();
        assertThat(mcp().done("search_messages", "{'q':'noon','before':" + found.path("before") + "}")
                        .path("messages"))
                .isEmpty();
        assertThat(mcp().refused("search_messages", "{'q':'!'}")).startsWith("q has no word");
        assertThat(mcp().refused("search_messages", "{'q':'noon','conversation_id':'" + other.conversation() + "'}"))
                .contains("conversation_not_found");
    }

    @Test
    void every_tool_stands_by_itself_for_clients_with_words_hints_and_schemas() {
        JsonNode tools = mcp().result("tools/list", "{}").path("tools");

        assertThat(tools).hasSize(12);
        for (JsonNode tool : tools) {
            String name = tool.path("name").asString();
            assertThat(tool.path("title").asString()).as(name).isNotBlank();
            assertThat(tool.path("description").asString()).as(name).endsWith(".");
            assertThat(tool.path("annotations").path("readOnlyHint").isBoolean())
                    .as(name)
                    .isTrue();
            assertThat(tool.path("annotations").path("openWorldHint").isBoolean())
                    .as(name)
                    .isTrue();
            assertThat(tool.path("inputSchema").path("additionalProperties").asBoolean(true))
                    .as(name)
                    .isFalse();
            assertThat(tool.path("inputSchema").path("properties").has("agent"))
                    .as(name)
                    .isTrue();
            tool.path("inputSchema")
                    .path("properties")
                    .forEach(it -> assertThat(it.has("description")).as(name).isTrue());
            assertThat(tool.path("outputSchema").path("required")).as(name).isNotEmpty();
            assertThat(tool.path("outputSchema").has("$defs"))
                    .as(name)
                    .isEqualTo(tool.path("outputSchema")
                            .path("properties")
                            .toString()
                            .contains("$defs"));
        }
    }

    private Mcp mcp() {
        return Mcp.of(talk.agent());
    }

    private static List<String> contents(JsonNode read) {
        return read.path("messages")
                .valueStream()
                .map(it -> it.path("content").asString())
                .toList();
    }
}
