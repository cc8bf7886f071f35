package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.app.http.ApiError;
import partyline.kernel.Json;
import partyline.media.MediaFailure;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What the server says about itself to who builds agents: that every link leads somewhere, and that what the guides
/// say
/// is so. Their code is run by [GuidesIT].
class DocsPagesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final List<String> FIRST = List.of("/docs", "/llms.txt", "/llms-full.txt", "/SKILL.md");
    private static final Pattern IN_HTML = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Pattern IN_MARKDOWN = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern BOUND = Pattern.compile("(?m)^\\| ([\\d,]+)[^|]*\\|.*\\| `([a-z_.0-9]+)` \\|$");

    @Test
    void every_link_leads_somewhere_also_to_its_heading() {
        Map<String, String> pages = new HashMap<>();
        Deque<URI> left =
                new ArrayDeque<>(FIRST.stream().map(DocsPagesTest::here).toList());
        Set<String> outside = new TreeSet<>();
        while (!left.isEmpty()) {
            URI next = left.pop();
            if (!next.toString().startsWith(server.nobody().base() + "/")) {
                outside.add(next.toString());
                continue;
            }
            String text = pages.computeIfAbsent(next.getRawPath(), path -> {
                String body = server.nobody().get(path).expect(200).text();
                links(path, body).map(link -> here(path).resolve(link)).forEach(left::push);
                return body;
            });
            if (next.getFragment() != null && !next.getPath().endsWith(".md")) {
                assertThat(text).contains("id=\"" + next.getFragment() + "\"");
            }
        }

        assertThat(pages).hasSizeGreaterThan(30);
        assertThat(outside).allMatch(it -> it.startsWith("https://"));
    }

    @Test
    void a_slash_too_many_leads_back_to_the_page_also_below_a_path() {
        for (String page : List.of("docs", "docs/receiving", "docs/reference")) {
            Api.Answer answer = server.nobody().get("/" + page + "/").expect(302);

            URI below = URI.create("https://x.example/partyline/" + page + "/");
            assertThat(below.resolve(
                            answer.response().headers().firstValue("Location").orElseThrow()))
                    .isEqualTo(URI.create("https://x.example/partyline/" + page));
        }
    }

    @Test
    void guides_need_no_program_and_load_nothing_from_elsewhere_and_the_reference_asks_this_server_alone() {
        String guide = policy("/docs/receiving");
        String reference = policy("/docs/reference");

        assertThat(guide)
                .startsWith("default-src 'none'; style-src 'self'; frame-ancestors 'none';")
                .doesNotContain("script", "data:");
        assertThat(reference).contains("script-src 'self'; connect-src 'self'").doesNotContain("http", "*", "unsafe");
        assertThat(server.nobody().get("/docs/receiving").text()).doesNotContain("<script", "style=", "onclick");
    }

    @Test
    void shows_its_own_address_and_nothing_that_only_the_repository_has() {
        Stream.concat(FIRST.stream(), Stream.of("/docs/first-agent", "/docs/examples.md"))
                .forEach(page -> {
                    String text = server.nobody().get(page).expect(200).text();

                    assertThat(text).as(page).doesNotContain("127.0.0.1:8080", "<!-- ", "{root}", "{title}");
                });
        assertThat(server.nobody().get("/docs/first-agent").text())
                .contains("API=" + server.nobody().base() + "\n");
    }

    @Test
    void every_example_has_the_address_of_the_server_that_gives_it() {
        String base = server.nobody().base();
        String below = base + "/docs/examples/";
        List<String> examples = links(
                        "/docs/examples.md",
                        server.nobody().get("/docs/examples.md").text())
                .filter(link -> link.startsWith(below))
                .distinct()
                .toList();

        assertThat(examples)
                .contains(below + "todo.py", below + "mcp/McpAgent.java", below + "mcp/pom.xml")
                .allSatisfy(link -> assertThat(example(link)).doesNotContain("127.0.0.1:8080", "README.md"));
        assertThat(example(below + "todo.py")).contains("\"PARTYLINE_URL\", \"" + base + "\"", base + "/docs/examples");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/docs/index", "/docs/nothing", "/docs/page.html", "/docs/..%2fphone", "/docs/examples/README.md"
            })
    void what_is_no_page_is_404(String path) {
        server.nobody().get(path).expect(404);
    }

    @Test
    void coding_agents_get_the_guides_and_every_operation() {
        String everything = server.nobody().get("/llms-full.txt").text();
        String skill = server.nobody().get("/SKILL.md").text();

        assertThat(everything)
                .contains(GuideBlock.named("signatures.py"), "`POST /api/v1/imessage/messages`: Send a message");
        assertThat(skill)
                .startsWith("---\nname: partyline\ndescription: ")
                .contains(GuideBlock.named("agent.mts")
                        .replace("http://127.0.0.1:8080", server.nobody().base()))
                .contains("# Replying well");
        assertThat(server.nobody().get("/llms.txt").text())
                .startsWith("# Build an agent\n\n")
                .contains("/docs/receiving.md): Which of the three");
    }

    @Test
    void the_guide_of_events_has_all_that_happens_here() {
        Talk talk = Talk.begin(server);
        String names =
                talk.agent().get("/api/v1/imessage/events?types=x").expect(422).text();
        List<String> events = Arrays.stream(names.replaceFirst("(?s).*the names are ([a-z0-9_., ]+).*", "$1")
                        .split(", "))
                .filter(name ->
                        !name.matches("(message\\.(received|sent|forwarded|delivered|bounced|failed)|text|call|a2a).*"))
                .toList();
        String guide = guide("events");

        assertThat(events)
                .contains("imessage.received", "line.down")
                .allSatisfy(name -> assertThat(guide).contains("`" + name + "`"));
    }

    @Test
    void the_event_of_the_guide_has_the_keys_of_a_real_one() {
        Talk talk = Talk.begin(server);
        JsonNode real = talk.agent()
                .get("/api/v1/imessage/events?after=0", "application/json")
                .expect(200)
                .json()
                .path("events")
                .path(0);
        JsonNode told = Json.read(GuideBlock.named("event"));

        assertThat(told.propertyNames()).isEqualTo(without(real, "seq"));
        assertThat(told.path("data").propertyNames())
                .isEqualTo(real.path("data").propertyNames());
        assertThat(told.at("/data/message").propertyNames())
                .isEqualTo(real.at("/data/message").propertyNames());
    }

    @Test
    void the_refusals_of_the_guide_are_those_of_the_server() {
        Talk talk = Talk.begin(server);
        String stranger = server.person();
        JsonNode refused = talk.agent()
                .post(Talk.MESSAGES, "{\"to\":\"%s\",\"text\":\"x\"}".formatted(stranger))
                .expect(404)
                .json();
        String wrong = talk.agent()
                .post(Talk.MESSAGES, "{\"conversation_id\":\"%s\"}".formatted(talk.conversation()))
                .expect(422)
                .text();

        assertThat(refused.at("/detail/message").asString())
                .isEqualTo(Json.read(GuideBlock.named("refusal"))
                        .at("/detail/message")
                        .asString()
                        .replace("@my-agent", "@" + talk.handle()));
        assertThat(Json.read(wrong)).isEqualTo(Json.read(GuideBlock.named("validation")));
    }

    @Test
    void the_guide_of_mcp_has_every_tool() {
        JsonNode answer = Json.read(Talk.begin(server)
                .agent()
                .post("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                .expect(200)
                .text());
        String guide = guide("mcp");

        assertThat(answer.at("/result/tools")
                        .valueStream()
                        .map(it -> it.path("name").asString()))
                .hasSizeGreaterThan(9)
                .allSatisfy(name -> assertThat(guide).contains("`" + name + "`"));
        assertThat(Json.read(GuideBlock.named("mcp")).at("/partyline/url").asString())
                .endsWith("/mcp");
    }

    @Test
    void the_guide_of_errors_has_every_code() {
        String page = server.nobody().get("/docs/errors.md").text();
        Stream<String> refusals = Arrays.stream(ApiError.values()).map(ApiError::code);
        Stream<String> files = Arrays.stream(MediaFailure.values()).map(MediaFailure::code);
        Stream<String> failures = Pattern.compile("Map\\.entry\\(\\s*\"(\\w+)\"")
                .matcher(GuideBlock.read(
                        Path.of("..", "modules/conversations/src/main/java/partyline/conversations/FailureTexts.java")))
                .results()
                .map(it -> it.group(1));

        assertThat(Stream.of(refusals, files, failures, Stream.of("outcome_unknown", "not_sent", "no_imessage"))
                        .flatMap(codes -> codes))
                .hasSizeGreaterThan(80)
                .allSatisfy(code -> assertThat(page).contains("`" + code + "`"));
    }

    @Test
    void bounds_that_operators_set_are_told_with_their_defaults() {
        JsonNode defaults = YAMLMapper.shared().readTree(GuideBlock.read(Path.of("..", "config", "partyline.yaml")));
        List<MatchResult> rows = BOUND.matcher(guide("limits")).results().toList();

        assertThat(rows).hasSizeGreaterThan(10).allSatisfy(row -> {
            JsonNode value = defaults.at("/" + row.group(2).replace('.', '/'));
            assertThat(row.group(1).replace(",", "")).as(row.group(2)).isEqualTo(value.asString());
        });
    }

    @Test
    void the_guides_name_no_code_that_is_not_one() {
        Set<String> codes = Stream.of(ApiError.values()).map(ApiError::code).collect(Collectors.toSet());
        Pattern refusal = Pattern.compile("\\b4\\d\\d `(\\w+)`");

        assertThat(GuideBlock.FOLDER.toFile().list())
                .allSatisfy(file -> assertThat(refusal.matcher(GuideBlock.read(GuideBlock.FOLDER.resolve(file)))
                                .results()
                                .map(it -> it.group(1)))
                        .isSubsetOf(codes));
    }

    private static String example(String link) {
        return server.nobody().get(URI.create(link).getPath()).expect(200).text();
    }

    private static Stream<String> links(String path, String body) {
        if (path.endsWith(".md") || path.endsWith(".txt")) {
            return targets(IN_MARKDOWN, FENCED.matcher(body).replaceAll(""));
        }
        return path.startsWith("/docs") && body.startsWith("<!doctype html>")
                ? targets(IN_HTML, body).map(link -> link.replace("&amp;", "&"))
                : Stream.empty();
    }

    private static Stream<String> targets(Pattern pattern, String body) {
        return pattern.matcher(body).results().map(it -> it.group(1));
    }

    private static URI here(String path) {
        return URI.create(server.nobody().base() + path);
    }

    private static String guide(String name) {
        return GuideBlock.read(GuideBlock.FOLDER.resolve(name + ".md"));
    }

    private static Set<String> without(JsonNode event, String key) {
        return event.propertyNames().stream().filter(name -> !name.equals(key)).collect(Collectors.toSet());
    }

    private static String policy(String path) {
        return server.nobody()
                .get(path)
                .expect(200)
                .response()
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow();
    }
}
