package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// How the Model Context Protocol is spoken at `/mcp`, in both of its eras; what its tools do is in [McpToolsTest].
class McpProtocolTest {

    @RegisterExtension
    static final TestServer server = new TestServer("http:\n  cors_origins: [\"https://pages.example\"]\n");

    private static final String NEWEST = "2026-07-28";
    private static final String META = "'_meta':{'io.modelcontextprotocol/protocolVersion':'" + NEWEST
            + "','io.modelcontextprotocol/clientCapabilities':{}}";
    private static final Map<String, String> NO_HEADERS = Map.of();

    /// A request that is wrong as such, and how it is refused.
    private record Wrong(String what, Map<String, String> headers, String body, int status, int code) {

        @Override
        public String toString() {
            return what;
        }
    }

    @Test
    void a_handshake_is_answered_in_the_revision_that_is_asked_for_and_begins_no_session() {
        Mcp mcp = Mcp.of(server.admin());

        for (String version : List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")) {
            assertThat(agreed(mcp, version)).isEqualTo(version);
        }
        assertThat(agreed(mcp, NEWEST)).isEqualTo("2025-11-25");
        Api.Answer answer = mcp.ask("initialize", "{'protocolVersion':'2025-11-25'}");
        assertThat(answer.response().headers().firstValue("Mcp-Session-Id")).isEmpty();
        JsonNode result = answer.json().path("result");
        assertThat(result.path("serverInfo").path("name").asString()).isEqualTo("partyline");
        assertThat(result.path("capabilities").has("tools")).isTrue();
        assertThat(result.path("instructions").asString()).contains("wait_for_message");
        assertThat(mcp.result("ping", "{}")).isEmpty();
        server.admin()
                .post("/mcp", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                .expect(202);
    }

    @Test
    void without_a_handshake_each_request_says_its_revision_and_results_say_who_answers() {
        Mcp mcp = new Mcp(server.admin(), true);

        JsonNode found = mcp.result("server/discover", "{}");
        JsonNode list = mcp.result("tools/list", "{}");

        assertThat(found.path("supportedVersions").path(0).asString()).isEqualTo(NEWEST);
        assertThat(found.path("capabilities").has("tools")).isTrue();
        for (JsonNode result : List.of(found, list)) {
            assertThat(result.path("resultType").asString()).isEqualTo("complete");
            assertThat(result.path("ttlMs").asInt()).isPositive();
            assertThat(result.path("cacheScope").asString()).isEqualTo("private");
            assertThat(result.path("_meta")
                            .path("io.modelcontextprotocol/serverInfo")
                            .path("version")
                            .isString())
                    .isTrue();
        }
        assertThat(list.path("tools"))
                .isEqualTo(Mcp.of(server.admin()).result("tools/list", "{}").path("tools"));
        Map<String, String> encoded = Map.of(
                "MCP-Protocol-Version", NEWEST, "Mcp-Method", "tools/call", "Mcp-Name", "=?base64?bGlzdF9ydWxlcw==?=");
        post(encoded, request("tools/call", "'name':'list_rules'," + META)).expect(200);
    }

    static Stream<Wrong> wrong() {
        Map<String, String> newest = Map.of("MCP-Protocol-Version", NEWEST);
        Map<String, String> listing = Map.of("MCP-Protocol-Version", NEWEST, "Mcp-Method", "tools/list");
        Map<String, String> calling = Map.of("MCP-Protocol-Version", NEWEST, "Mcp-Method", "tools/call");
        return Stream.of(
                new Wrong("no JSON", NO_HEADERS, "{", 400, -32700),
                new Wrong("a key twice", NO_HEADERS, "{'id':1,'id':2}", 400, -32700),
                new Wrong("no JSON-RPC", NO_HEADERS, "{'method':'ping','id':1}", 400, -32600),
                new Wrong("no method", NO_HEADERS, "{'jsonrpc':'2.0','id':1}", 400, -32600),
                new Wrong("an id that is none", NO_HEADERS, "{'jsonrpc':'2.0','method':'ping','id':null}", 400, -32600),
                new Wrong(
                        "parameters in a list",
                        NO_HEADERS,
                        "{'jsonrpc':'2.0','method':'ping','id':1,'params':[]}",
                        400,
                        -32600),
                new Wrong("an unknown method", NO_HEADERS, request("prompts/list", ""), 200, -32601),
                new Wrong("an unknown tool", NO_HEADERS, request("tools/call", "'name':'fly'"), 200, -32602),
                new Wrong(
                        "arguments in a list",
                        NO_HEADERS,
                        request("tools/call", "'name':'react','arguments':[]"),
                        200,
                        -32602),
                new Wrong("no messages at once", NO_HEADERS, "[]", 400, -32600),
                new Wrong("too many at once", NO_HEADERS, "[" + "1,".repeat(20) + "1]", 400, -32600),
                new Wrong(
                        "a revision that nobody knows",
                        Map.of("MCP-Protocol-Version", "1999-01-01"),
                        request("ping", ""),
                        400,
                        -32022),
                new Wrong("a handshake with the newest", newest, request("initialize", ""), 400, -32020),
                new Wrong("no metadata", listing, request("tools/list", ""), 400, -32602),
                new Wrong(
                        "no capabilities",
                        listing,
                        request("tools/list", "'_meta':{'io.modelcontextprotocol/protocolVersion':'" + NEWEST + "'}"),
                        400,
                        -32602),
                new Wrong(
                        "a version that is no text",
                        listing,
                        request("tools/list", "'_meta':{'io.modelcontextprotocol/protocolVersion':1}"),
                        400,
                        -32602),
                new Wrong("no header", NO_HEADERS, request("tools/list", META), 400, -32020),
                new Wrong(
                        "another header",
                        Map.of("MCP-Protocol-Version", "2025-11-25"),
                        request("tools/list", META),
                        400,
                        -32020),
                new Wrong("no method header", newest, request("tools/list", META), 400, -32020),
                new Wrong("another method header", calling, request("tools/list", META), 400, -32020),
                new Wrong("no name header", calling, request("tools/call", "'name':'list_rules'," + META), 400, -32020),
                new Wrong(
                        "a revision to come",
                        Map.of("MCP-Protocol-Version", "2031-01-01"),
                        request("tools/list", META.replace(NEWEST, "2031-01-01")),
                        400,
                        -32022),
                new Wrong(
                        "a method of before",
                        Map.of("MCP-Protocol-Version", NEWEST, "Mcp-Method", "ping"),
                        request("ping", META),
                        404,
                        -32601));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void what_is_wrong_as_such_is_an_error_of_the_protocol(Wrong wrong) {
        JsonNode answer =
                post(wrong.headers(), wrong.body()).expect(wrong.status()).json();

        assertThat(answer.path("error").path("code").asInt())
                .as(answer.toString())
                .isEqualTo(wrong.code());
        assertThat(answer.path("error").path("message").asString()).endsWith(".");
    }

    @Test
    void an_unknown_revision_is_told_which_there_are() {
        JsonNode error = post(Map.of("MCP-Protocol-Version", "1999-01-01"), request("ping", ""))
                .json()
                .path("error");

        assertThat(error.path("data").path("requested").asString()).isEqualTo("1999-01-01");
        assertThat(error.path("data").path("supported").values()).hasSize(5);
    }

    @Test
    void several_messages_at_once_are_answered_in_one_list_but_for_notifications() {
        String ping = request("ping", "");
        JsonNode answers = post(
                        NO_HEADERS,
                        "[" + ping + ",{'jsonrpc':'2.0','method':'notifications/initialized'}," + request("nothing", "")
                                + "]")
                .expect(200)
                .json();

        assertThat(answers).hasSize(2);
        assertThat(answers.path(0).path("result").isObject()).isTrue();
        assertThat(answers.path(1).path("error").path("code").asInt()).isEqualTo(-32601);
        post(NO_HEADERS, "[{'jsonrpc':'2.0','method':'notifications/initialized'}]")
                .expect(202);
    }

    @Test
    void the_key_comes_in_either_header_and_without_one_nothing_is_told() {
        Api nobody = server.nobody();
        String bearer = "Bearer " + server.admin().key();

        nobody.with(Map.of("Authorization", bearer))
                .post("/mcp", plain(request("ping", "")))
                .expect(200);
        nobody.with(Map.of("Authorization", bearer)).get("/api/v1/identities").expect(200);
        for (Map<String, String> headers :
                List.of(NO_HEADERS, Map.of("Authorization", bearer + "x"), Map.of("Authorization", "Basic eA=="))) {
            assertThat(nobody.with(headers)
                            .post("/mcp", plain(request("ping", "")))
                            .expect(401)
                            .text())
                    .contains("Authorization: Bearer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://pages.example", "http://localhost:6274", "http://127.0.0.1:1234", "http://[::1]:80"})
    void pages_of_this_machine_and_of_configured_origins_may_call(String origin) {
        post(Map.of("Origin", origin), request("ping", "")).expect(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example", "null", "http://localhost.evil.example", "https://pages.example:444"})
    void pages_of_others_may_not_even_with_a_key(String origin) {
        assertThat(post(Map.of("Origin", origin), request("ping", ""))
                        .expect(403)
                        .text())
                .contains("foreign_origin");
    }

    @Test
    void there_is_no_stream_of_the_servers_own_and_no_session_to_end() {
        server.admin().get("/mcp", "text/event-stream").expect(405);
        server.admin().delete("/mcp").expect(405);
    }

    @Test
    void what_is_too_large_is_refused_as_everywhere() {
        server.admin().post("/mcp", "\"" + "x".repeat(262_144) + "\"").expect(413);
    }

    private static String agreed(Mcp mcp, String version) {
        return mcp.result("initialize", "{'protocolVersion':'%s','capabilities':{}}".formatted(version))
                .path("protocolVersion")
                .asString();
    }

    private static String request(String method, String params) {
        return "{'jsonrpc':'2.0','id':7,'method':'%s','params':{%s}}".formatted(method, params);
    }

    private static Api.Answer post(Map<String, String> headers, String body) {
        return server.admin().with(headers).post("/mcp", plain(body));
    }

    private static String plain(String body) {
        return body.replace('\'', '"');
    }
}
