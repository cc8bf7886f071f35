package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// What `docs/operating` has for Prometheus and Grafana, beside what a server tells them.
class OperatingTest {

    private static final Pattern SERIES = Pattern.compile("\\b(?:partyline|jvm|process)_[a-z_]+\\b(?!\\s*:)");

    @RegisterExtension
    static final TestServer server = new TestServer();

    @ParameterizedTest
    @ValueSource(strings = {"dashboard.json", "alerts.yml"})
    void every_series_that_is_named_exists(String file) throws IOException {
        String text = read(file);
        Talk.begin(server).delivered("so that all has happened once");

        Set<String> named = named(text);

        assertThat(named).hasSizeGreaterThan(8);
        Scrape scrape =
                waitFor(() -> Scrape.of(server.admin()), it -> it.names().containsAll(named));
        assertThat(scrape.names()).containsAll(named);
    }

    @Test
    void the_page_tells_of_every_series_and_of_no_other() throws IOException {
        Talk.begin(server).delivered("so that all has happened once");
        Set<String> named = named(read("README.md"));

        Scrape scrape =
                waitFor(() -> Scrape.of(server.admin()), it -> it.names().size() > named.size());

        assertThat(scrape.names().stream()
                        .map(it -> it.replaceFirst("_(bucket|sum|count)$", ""))
                        .collect(Collectors.toSet()))
                .isEqualTo(named);
    }

    @Test
    void every_panel_of_the_dashboard_asks_something() throws IOException {
        JsonNode panels = Json.read(read("dashboard.json")).path("panels");

        assertThat(panels.size()).isGreaterThan(15);
        assertThat(panels)
                .allSatisfy(panel -> assertThat(panel.path("targets"))
                        .isNotEmpty()
                        .allSatisfy(target ->
                                assertThat(target.path("expr").asString()).isNotBlank()));
    }

    private static Set<String> named(String text) {
        return SERIES.matcher(text).results().map(it -> it.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("..", "docs", "operating", file));
    }
}
