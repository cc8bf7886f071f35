package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.http.BareServer;
import partyline.app.pages.PhonePage;

/// The page of the simulated phone, as a browser gets it. What it does there is tried in a browser.
class PhonePageTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final Pattern ADDRESS = Pattern.compile("(?:src|href)=\"([^\"#]+)\"");

    @Test
    void the_page_finds_all_its_pieces_also_below_the_path_of_a_proxy() {
        URI below = URI.create("https://x.example/partyline/phone");
        String page = server.nobody().get("/phone").expect(200).text();

        List<String> pieces = ADDRESS.matcher(page)
                .results()
                .map((MatchResult it) -> below.resolve(it.group(1)).getPath())
                .toList();

        assertThat(pieces).contains("/partyline/phone/app.js").allMatch(it -> it.startsWith("/partyline/"));
        pieces.forEach(piece ->
                server.nobody().get(piece.substring("/partyline".length())).expect(200));
    }

    @Test
    void its_programs_import_their_neighbours_and_call_the_server_from_where_they_lie() {
        for (String file : List.of("phone/app.js", "phone/bubble.js", "web/api.js", "web/stream.js", "web/html.js")) {
            String program = server.nobody().get("/" + file).expect(200).text();
            assertThat(program).as(file).doesNotContain("'/phone", "\"/phone", "`/phone", "fetch('/", "fetch(`/");
        }
        assertThat(server.nobody().get("/web/api.js").text()).contains("import.meta.url");
    }

    @Test
    void a_slash_too_many_leads_back_to_the_page_also_below_a_path() {
        Api.Answer answer = server.nobody().get("/phone/").expect(302);

        URI below = URI.create("https://x.example/partyline/phone/");
        assertThat(below.resolve(
                        answer.response().headers().firstValue("Location").orElseThrow()))
                .isEqualTo(URI.create("https://x.example/partyline/phone"));
    }

    @Test
    void pictures_come_from_here_from_this_machine_or_over_https_and_from_nowhere_else(@TempDir Path folder) {
        try (BareServer published =
                new BareServer(folder, new PhonePage(() -> "http://192.168.1.20:8080/below")::register)) {
            assertThat(policy(server.nobody())).contains("img-src 'self' data: blob: https: http://127.0.0.1:*");
            assertThat(policy(published.api()))
                    .contains(" http://192.168.1.20:8080;")
                    .doesNotContain("*;", " * ", "http:;", "http: ", "/below");
        }
    }

    private static String policy(Api api) {
        return api.get("/phone")
                .expect(200)
                .response()
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow();
    }
}
