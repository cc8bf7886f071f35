package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// What is in the jar, compared with the holes that are known.
class KnownHolesIT {

    private static final Path TARGET =
            Path.of(System.getProperty("partyline.jar")).getParent();
    private static final Path SBOM = TARGET.resolve("partyline-sbom.json");

    @Test
    void no_shipped_library_has_a_known_hole() throws IOException {
        List<KnownHole> holes = KnownHole.read(Jar.repository().resolve(".ci/known-holes.txt"));

        assertThat(holes).isNotEmpty();
        assertThat(holes.stream()
                        .flatMap(hole -> components().filter(hole::isIn).map(it -> it.at("/purl") + ": " + hole)))
                .isEmpty();
    }

    @Test
    void a_library_with_a_known_hole_would_be_found() throws IOException {
        List<KnownHole> holes = KnownHole.read(Jar.repository().resolve(".ci/known-holes.txt"));
        JsonNode old = Json.object()
                .put("group", "org.apache.httpcomponents.core5")
                .put("name", "httpcore5")
                .put("version", "5.4");

        assertThat(holes.stream().filter(hole -> hole.isIn(old)).map(KnownHole::id))
                .containsExactly("CVE-2026-54399");
    }

    @Test
    void the_bill_of_materials_names_every_jar_that_is_shipped_and_is_in_the_jar_too() throws IOException {
        Set<String> named = components()
                .map(it -> it.path("name").asString() + "-" + it.path("version").asString() + ".jar")
                .collect(Collectors.toSet());

        try (Stream<Path> jars = Files.list(TARGET.resolve("modules"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()).filter(jar -> !jar.startsWith("partyline-app-")))
                    .hasSizeGreaterThan(30)
                    .allMatch(named::contains);
        }
        try (ZipFile jar = new ZipFile(TARGET.resolve("partyline.jar").toFile())) {
            byte[] inside = jar.getInputStream(jar.getEntry("META-INF/sbom/partyline.cdx.json"))
                    .readAllBytes();
            assertThat(inside).isEqualTo(Files.readAllBytes(SBOM));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[,5.4.3)    | 5.4          | true",
                "[,5.4.3)    | 5.4.2        | true",
                "[,5.4.3)    | 5.4.3        | false",
                "[,5.4.3)    | 5.4.3-beta1  | true",
                "[,5.4.3)    | 5.10         | false",
                "[12,12.1.4] | 12.1.4       | true",
                "[12,12.1.4] | 12.1.4.1     | false",
                "[12,12.1.4] | 11.0.26      | false",
                "(1,2)       | 1            | false",
                "(1,2)       | 1.0.1        | true",
                "[3,)        | 3.0.0        | true"
            })
    void versions_are_compared_as_numbers(String affected, String version, boolean hit) {
        KnownHole hole = KnownHole.parse("group:name " + affected + " CVE-1 words");
        JsonNode component =
                Json.object().put("group", "group").put("name", "name").put("version", version);

        assertThat(hole.isIn(component)).isEqualTo(hit);
    }

    private static Stream<JsonNode> components() {
        try {
            return Json.read(Files.readString(SBOM)).path("components").valueStream();
        } catch (IOException e) {
            throw new AssertionError("there is no bill of materials at " + SBOM, e);
        }
    }
}
