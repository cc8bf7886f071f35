package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// `Containerfile`, `compose.yaml` and `Caddyfile` of a release agree, and say what Partyline understands.
class ContainerFilesTest {

    private static final Path PACKAGING = Path.of("..", "packaging", "container");

    private final JsonNode compose = new YAMLMapper().readTree(PACKAGING.resolve("compose.yaml"));
    private final JsonNode service = compose.path("services").path("partyline");
    private final List<String> image = Files.readAllLines(PACKAGING.resolve("Containerfile"));

    ContainerFilesTest() throws IOException {}

    @Test
    void the_container_is_built_from_the_release_that_the_file_lies_in() {
        assertThat(service.path("build").path("context").asString()).isEqualTo(".");
        assertThat(PACKAGING.resolve(service.path("build").path("dockerfile").asString()))
                .exists();
    }

    @Test
    void what_is_kept_lies_in_a_volume_and_nothing_else_can_be_written() {
        String volume = step("VOLUME");

        assertThat(step("CMD")).contains("\"--data\", \"" + volume + "/");
        assertThat(texts(service.path("volumes"))).contains("data:" + volume);
        assertThat(service.path("read_only").asBoolean()).isTrue();
        assertThat(texts(service.path("tmpfs"))).singleElement().asString().startsWith("/tmp:noexec");
        assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
        assertThat(step("USER")).isEqualTo("partyline");
    }

    @Test
    void its_variables_are_those_of_the_configuration() {
        Map<String, String> environment = new HashMap<>();
        image.stream()
                .filter(line -> line.startsWith("ENV "))
                .map(line -> line.substring(4).split("=", 2))
                .forEach(variable -> environment.put(variable[0], variable[1]));
        service.path("environment")
                .forEachEntry((name, value) -> environment.put(name, withDefaults(value.asString())));

        Config config = Config.of(Settings.read(Optional.empty(), environment, Map.of()));

        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().publicUrl()).contains("https://localhost");
        String network = compose.at("/networks/front/ipam/config/0/subnet").asString();
        assertThat(environment).containsEntry("PARTYLINE_HTTP_TRUSTED_PROXIES", network);
    }

    @Test
    void caddy_stands_in_front_of_the_port_that_the_container_has() throws IOException {
        assertThat(Files.readString(PACKAGING.resolve("Caddyfile")))
                .contains("reverse_proxy partyline:" + step("EXPOSE"), "{$PARTYLINE_DOMAIN}");
        assertThat(compose.path("services").path("caddy").path("environment").has("PARTYLINE_DOMAIN"))
                .isTrue();
    }

    private String step(String name) {
        return image.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    /// `${NAME:-default}` as Compose reads it where nothing is set.
    private static String withDefaults(String value) {
        Matcher variable = Pattern.compile("\\$\\{\\w+:-([^}]*)}").matcher(value);
        return variable.replaceAll("$1");
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }
}
