package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `config/partyline`, with a JDK that only says what it was asked to run, and makes a cache where it is told to.
class StartScriptIT {

    private static final String JAVA = """
            #!/bin/sh
            for argument; do
              case $argument in -XX:AOTCacheOutput=*) echo cache > "${argument#*=}"; echo rehearsed >> "$0.log"; exit "$(cat "$0.code")" ;; esac
            done
            echo "java $*"
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(folder.resolve("jdk/bin"));
        write("jdk/release", "JAVA_VERSION=\"25.0.3\"\n");
        write("jdk/bin/java", JAVA);
        write("jdk/bin/java.code", "0");
        write("partyline.jar", "the first jar");
        write("partyline", Files.readString(Jar.repository().resolve("config/partyline")));
        for (String program : List.of("jdk/bin/java", "partyline")) {
            Files.setPosixFilePermissions(folder.resolve(program), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void the_first_start_makes_a_cache_and_the_later_ones_use_it() throws Exception {
        String first = run("serve", "--port", "0");
        String second = run();

        assertThat(caches()).hasSize(1);
        assertThat(first).contains("-XX:AOTCache=" + caches().getFirst(), "-jar", "partyline.jar serve --port 0");
        assertThat(second).contains("-XX:AOTCache=" + caches().getFirst()).endsWith("partyline.jar\n");
        assertThat(Files.readString(folder.resolve("jdk/bin/java.log"))).isEqualTo("rehearsed\n");
    }

    @Test
    void a_jar_that_was_replaced_never_runs_with_the_cache_of_the_old_one() throws Exception {
        run("serve");
        Path old = caches().getFirst();
        write("partyline.jar", "the next jar");

        String command = run("org", "list");
        String start = run("serve");

        assertThat(command).doesNotContain("AOTCache");
        assertThat(start).doesNotContain(old.toString()).contains("-XX:AOTCache=" + caches().getFirst());
        assertThat(caches()).hasSize(1).doesNotContain(old);
    }

    @Test
    void another_jdk_has_a_cache_of_its_own() throws Exception {
        run("serve");
        Path usual = caches().getFirst();
        write("jdk/release", "JAVA_VERSION=\"25.0.4\"\n");

        run("serve");

        assertThat(caches()).hasSize(1).doesNotContain(usual);
    }

    @Test
    void it_starts_in_a_folder_with_a_space_and_by_a_link_from_elsewhere() throws Exception {
        Path spaced = Files.createDirectories(folder.resolve("my apps"));
        Files.move(folder.resolve("partyline.jar"), spaced.resolve("partyline.jar"));
        Files.move(folder.resolve("partyline"), spaced.resolve("partyline"));
        Files.createSymbolicLink(folder.resolve("partyline"), spaced.resolve("partyline"));
        write("jdk/bin/java", JAVA.replace("java $*", "$(printf '[%s] ' \"$@\")"));

        String first = run("serve");
        String second = run("serve");

        String jar = spaced.resolve("partyline.jar").toRealPath().toString();
        assertThat(first).contains("Preparing", "[-jar] [" + jar + "] [serve]");
        assertThat(second).contains("[-jar] [" + jar + "] [serve]").doesNotContain("Preparing");
        assertThat(second).containsPattern("\\[-XX:AOTCache=[^]]*my apps/partyline-[0-9a-f]+\\.aot]");
    }

    @Test
    void without_memory_the_server_ends_rather_than_lingers() throws Exception {
        assertThat(run("org", "list")).contains("-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void a_rehearsal_that_fails_leaves_the_plain_start() throws Exception {
        write("jdk/bin/java.code", "1");

        String start = run("serve");

        assertThat(start).contains("starting the plain way", "-jar").doesNotContain("-XX:AOTCache=");
        assertThat(caches()).isEmpty();
    }

    @Test
    void an_older_jdk_is_refused_with_what_to_do() throws Exception {
        write("jdk/release", "JAVA_VERSION=\"21.0.9\"\n");

        assertThat(run("serve")).contains("JDK 25", "JAVA_HOME").doesNotContain("-jar");
    }

    @Test
    void a_release_runs_on_its_own_runtime_and_with_its_own_cache_whatever_java_home_says() throws Exception {
        for (String part : List.of("release/bin", "release/lib/cache", "release/runtime")) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.move(folder.resolve("jdk/bin"), folder.resolve("release/runtime/bin"));
        Files.move(folder.resolve("jdk/release"), folder.resolve("release/runtime/release"));
        Files.move(folder.resolve("partyline.jar"), folder.resolve("release/lib/partyline.jar"));
        Files.move(folder.resolve("partyline"), folder.resolve("release/bin/partyline"));
        Path cache = folder.resolve("release/lib/cache");
        Files.createSymbolicLink(folder.resolve("partyline"), folder.resolve("release/bin/partyline"));
        String made = run(Map.of("CACHE_DIRECTORY", cache.toString()), "prepare");

        String start = run("serve");

        assertThat(made).contains("Preparing").doesNotContain("-jar");
        assertThat(start)
                .contains("-XX:AOTCache=" + cache.toRealPath(), "release/lib/partyline.jar serve")
                .doesNotContain("Preparing");
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    private String run(Map<String, String> more, String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(folder.resolve("partyline").toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        List.of("CACHE_DIRECTORY", "PARTYLINE_JAR", "JAVA_FLAGS").forEach(builder.environment()::remove);
        builder.environment().putAll(more);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private List<Path> caches() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains(".aot")).toList();
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
