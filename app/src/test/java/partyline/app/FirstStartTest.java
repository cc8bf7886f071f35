package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.config.Config;
import partyline.app.config.DataFolder;
import partyline.app.config.Settings;
import partyline.app.operator.ServerCheck;
import partyline.kernel.Database;
import partyline.kernel.StartupFailure;

/// First starts, those that fail too, and what they leave behind.
class FirstStartTest {

    private static final Pattern KEY = Pattern.compile("key {6}(ApiKey_\\S+)");
    private static final String LOST = "admin-key create --org org_";

    @TempDir
    Path folder;

    @Test
    void a_start_that_fails_makes_no_key_and_the_next_one_shows_the_first() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(taken.getLocalPort())).isInstanceOf(StartupFailure.class);
        }

        try (Wiring wiring = start(0)) {
            Matcher shown = KEY.matcher(Banner.of(wiring, false));
            assertThat(shown.find()).isTrue();
            new Api(wiring.baseUrl(), shown.group(1)).get("/api/whoami").expect(200);
        }
    }

    @Test
    void as_long_as_no_key_was_used_a_start_says_how_to_get_one() {
        String key;
        try (Wiring wiring = start(0)) {
            Matcher shown = KEY.matcher(Banner.of(wiring, false));
            assertThat(shown.find()).isTrue();
            key = shown.group(1);
        }
        try (Wiring wiring = start(0)) {
            assertThat(Banner.of(wiring, false)).contains(LOST).doesNotContain("ApiKey_");
            new Api(wiring.baseUrl(), key).get("/api/whoami").expect(200);
        }
        try (Wiring wiring = start(0)) {
            assertThat(Banner.of(wiring, false)).doesNotContain(LOST, "ApiKey_");
        }
    }

    @Test
    void a_folder_that_was_there_before_is_closed_to_others_with_all_that_is_in_it() throws IOException {
        Path data = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        start(0).close();

        assertThat(permissions(data)).isEqualTo("rwx------");
        assertThat(permissions(data.resolve("media"))).isEqualTo("rwx------");
        assertThat(permissions(data.resolve("partyline.db"))).isEqualTo("rw-------");
        assertThat(permissions(data.resolve("partyline.lock"))).isEqualTo("rw-------");
        assertThat(permissions(data.resolve("server.key"))).isEqualTo("rw-------");
    }

    @Test
    void a_folder_of_somebody_elses_things_is_left_open() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("diary.txt"), "Dear diary");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        start(0).close();

        assertThat(permissions(data)).isEqualTo("rwxr-xr-x");
        assertThat(permissions(data.resolve("media"))).isEqualTo("rwx------");
    }

    @Test
    void a_database_is_known_as_it_was_left_as_interrupted_or_as_a_copy() throws IOException {
        Path data = folder.resolve("data");
        assertThat(history(data)).isEqualTo(Database.History.LEFT_WELL);
        start(0).close();
        assertThat(history(data)).isEqualTo(Database.History.LEFT_WELL);

        Path log = Files.createFile(data.resolve("partyline.db-wal"));
        assertThat(history(data)).isEqualTo(Database.History.INTERRUPTED);
        Files.delete(log);

        Path copy = data.resolve("copy");
        Files.copy(data.resolve("partyline.db"), copy);
        Files.delete(data.resolve("partyline.db"));
        Files.createFile(data.resolve("takes the number of the file that went"));
        Files.move(copy, data.resolve("partyline.db"));
        assertThat(history(data)).isEqualTo(Database.History.UNKNOWN);
    }

    @Test
    void a_check_says_what_would_keep_the_server_from_starting() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StringWriter out = new StringWriter();
            Path file = Files.writeString(folder.resolve("a file"), "");

            int bad = ServerCheck.run(config(taken.getLocalPort(), file.resolve("data")), new PrintWriter(out));

            assertThat(bad).isEqualTo(2);
            assertThat(out.toString()).contains("port " + taken.getLocalPort(), "cannot write to " + file);
        }
        StringWriter out = new StringWriter();
        assertThat(ServerCheck.run(config(0, folder.resolve("new")), new PrintWriter(out)))
                .isZero();
        assertThat(out.toString()).contains("http.port  ok", "data.folder  ok");
    }

    @Test
    void a_check_looks_at_every_port_folder_and_url_that_is_configured() throws IOException {
        Path file = Files.writeString(folder.resolve("a file"), "");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> wrong = Map.of(
                    "metrics.port",
                    String.valueOf(taken.getLocalPort()),
                    "backup.every",
                    "24h",
                    "backup.folder",
                    file.resolve("backups").toString(),
                    "http.public_url",
                    "https://partyline.invalid");

            assertThat(checked(3, wrong))
                    .contains(
                            "metrics.port\n",
                            "port " + taken.getLocalPort(),
                            "backup.folder\n",
                            "cannot write to " + file)
                    .contains("http.public_url\n", "partyline.invalid is not known here");
        }
        Map<String, String> right = Map.of(
                "metrics.port", "0",
                "backup.every", "24h",
                "backup.folder", folder.resolve("backups").toString(),
                "http.public_url", "http://192.0.2.7:8080/a_b");
        assertThat(checked(0, right))
                .contains("metrics.port  ok", "backup.folder  ok", "http.public_url  ok", "put TLS in front");
        assertThat(checked(0, Map.of("http.public_url", "http://[::1]:8080")))
                .contains("http.public_url  ok")
                .doesNotContain("TLS", "metrics.port", "backup.folder");
    }

    private String checked(int problems, Map<String, String> told) {
        Map<String, String> flags = new HashMap<>(told);
        flags.put("http.port", "0");
        flags.put("data.folder", folder.resolve("new").toString());
        StringWriter out = new StringWriter();
        Config config = Config.of(Settings.read(Optional.empty(), Map.of(), flags));
        assertThat(ServerCheck.run(config, new PrintWriter(out, true)))
                .as(out.toString())
                .isEqualTo(problems);
        return out.toString();
    }

    private static Database.History history(Path data) throws IOException {
        try (DataFolder taken = DataFolder.take(data)) {
            return taken.history();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Wiring start(int port) {
        return Wiring.start(config(port, folder.resolve("data")), Optional.empty());
    }

    private static Config config(int port, Path data) {
        return Config.of(Settings.read(
                Optional.empty(), Map.of(), Map.of("http.port", String.valueOf(port), "data.folder", data.toString())));
    }
}
