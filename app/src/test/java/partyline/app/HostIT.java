package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The packaged jar on machines that are not as we wish: other digits, a folder that fills, a database that
/// was copied at the wrong moment.
@Execution(ExecutionMode.CONCURRENT)
class HostIT {

    @TempDir
    Path folder;

    @Test
    void the_commands_work_where_digits_are_not_0_to_9() {
        Map<String, String> arabic = Map.of("JDK_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG");
        try (Jar server = Jar.start(folder, arabic, "--port", "0")) {
            server.base();
            try (Jar command = Jar.start(folder, arabic, "admin-key", "list")) {
                assertThat(command.exitCode()).as(command.output()).isZero();
                assertThat(command.output()).containsPattern("ApiKey_.* used never {2}first admin key");
            }
        }
    }

    @Test
    void starts_and_stops_leave_nothing_in_the_temporary_folder() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Map<String, String> there = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        for (int time = 0; time < 2; time++) {
            try (Jar server = Jar.start(folder, there, "--port", "0")) {
                server.base();
                assertThat(server.terminate()).isZero();
                assertThat(server.output()).contains("Stopping");
            }
        }

        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
                            .toList())
                    .isEmpty();
        }
        try (Stream<Path> kept = Files.list(folder.resolve("data/sqlite"))) {
            assertThat(kept).hasSize(1);
        }
    }

    @Test
    void a_start_on_a_damaged_copy_says_that_it_is_damaged() throws IOException {
        try (Jar server = Jar.start(folder, Map.of(), "--port", "0")) {
            server.base();
            assertThat(server.terminate()).isZero();
        }
        Path data = folder.resolve("data");
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (String name : List.of("server.key", "partyline.lock")) {
            Files.copy(data.resolve(name), copy.resolve(name));
        }
        Files.write(copy.resolve("partyline.db"), damaged(Files.readAllBytes(data.resolve("partyline.db"))));

        try (Jar refused = Jar.start(folder, Map.of(), "--port", "0", "--data", copy.toString())) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output()).contains("is damaged", copy.toString());
        }
    }

    /// Without the page that has the first admin key in its index: that finds the key no more, and the table
    /// does.
    private static byte[] damaged(byte[] file) {
        int page = 4_096;
        byte[] word = "ApiKey_".getBytes(StandardCharsets.US_ASCII);
        for (int at = file.length / page - 1; at > 0; at--) {
            byte[] bytes = Arrays.copyOfRange(file, at * page, (at + 1) * page);
            if (bytes[0] == 0x0A
                    && new String(bytes, StandardCharsets.ISO_8859_1)
                            .contains(new String(word, StandardCharsets.ISO_8859_1))) {
                file[at * page + 3] = 0;
                file[at * page + 4] = 0;
                return file;
            }
        }
        throw new IllegalStateException("no index has an admin key");
    }
}
