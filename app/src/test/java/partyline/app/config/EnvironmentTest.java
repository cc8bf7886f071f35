package partyline.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.StartupFailure;

class EnvironmentTest {

    @TempDir
    Path folder;

    @Test
    void a_credential_counts_as_a_variable_of_its_name_without_the_end_of_its_line() throws IOException {
        Files.writeString(folder.resolve("PARTYLINE_ADMIN_KEY"), "secret\n");

        Map<String, String> all =
                Environment.withCredentials(Map.of("CREDENTIALS_DIRECTORY", folder.toString(), "HOME", "/"));

        assertThat(all).containsEntry("PARTYLINE_ADMIN_KEY", "secret").containsEntry("HOME", "/");
    }

    @Test
    void the_configuration_takes_a_credential_that_it_names() throws IOException {
        Path file = Files.writeString(folder.resolve("partyline.yaml"), "http:\n  public_url: ${WHERE}\n");
        Path credentials = Files.createDirectory(folder.resolve("credentials"));
        Files.writeString(credentials.resolve("WHERE"), "https://partyline.example.org\n");

        Map<String, String> all = Environment.withCredentials(Map.of("CREDENTIALS_DIRECTORY", credentials.toString()));
        Config config = Config.of(Settings.read(Optional.of(file), all, Map.of()));

        assertThat(config.http().publicUrl()).contains("https://partyline.example.org");
    }

    @Test
    void a_variable_wins_over_the_credential_of_its_name() throws IOException {
        Files.writeString(folder.resolve("LINE_SECRET"), "credential");

        Map<String, String> all = Environment.withCredentials(
                Map.of("CREDENTIALS_DIRECTORY", folder.toString(), "LINE_SECRET", "variable"));

        assertThat(all).containsEntry("LINE_SECRET", "variable");
    }

    @Test
    void credentials_that_cannot_be_read_stop_the_start() {
        Path nowhere = folder.resolve("nowhere");

        assertThatThrownBy(() -> Environment.withCredentials(Map.of("CREDENTIALS_DIRECTORY", nowhere.toString())))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(nowhere.toString())
                .hasMessageContaining("CREDENTIALS_DIRECTORY");
    }
}
