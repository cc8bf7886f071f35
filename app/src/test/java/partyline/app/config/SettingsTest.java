package partyline.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StartupFailure;

/// Where values come from, and what is said of those that are wrong.
class SettingsTest {

    @TempDir
    Path folder;

    @Test
    void what_is_blank_is_not_set_wherever_it_stands() throws IOException {
        Config config = Config.of(Settings.read(
                Optional.of(file("http:\n  port: 81\ndata:\n  folder: ''\n")),
                Map.of("PARTYLINE_HTTP_PORT", " ", "PARTYLINE_HTTP_PUBLIC_URL", "", "PARTYLINE_HTTP_HOST", ""),
                Map.of("http.port", "", "data.folder", " ")));

        assertThat(config.http().port()).isEqualTo(81);
        assertThat(config.http().publicUrl()).isEmpty();
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.data().path()).isEqualTo(Path.of("data"));
    }

    @Test
    void a_list_from_the_environment_is_written_between_commas() {
        Config config = config(Map.of(
                "PARTYLINE_OUTBOUND_ALLOW", "10.0.0.0/8, ::1/128",
                "PARTYLINE_HTTP_CORS_ORIGINS", "[\"https://a.example\", 'https://b.example']",
                "PARTYLINE_HTTP_TRUSTED_PROXIES", "[]"));

        assertThat(config.outbound().allow()).containsExactly("10.0.0.0/8", "::1/128");
        assertThat(config.http().corsOrigins()).containsExactly("https://a.example", "https://b.example");
        assertThat(config.http().trustedProxies()).isEmpty();
    }

    @Test
    void every_key_is_explained_in_the_file_that_comes_with_the_program() throws IOException {
        String example = Files.readString(Path.of("../config/partyline.yaml"));

        for (String key : Settings.known()) {
            String[] parts = key.split("\\.");
            assertThat(example).as(key).containsPattern("(?m)^(# )?" + parts[0] + ":");
            assertThat(parts.length == 1
                            || Pattern.compile("(?m)^  (# )?" + parts[1] + ":")
                                    .matcher(example)
                                    .find())
                    .as(key)
                    .isTrue();
        }
        assertThat(Config.of(Settings.read(Optional.of(Path.of("../config/partyline.yaml")), Map.of(), Map.of()))
                        .limits())
                .isEqualTo(config(Map.of()).limits());
        assertThat(config(Map.of("PARTYLINE_LIMITS_STREAMS_PER_ORGANIZATION", "7"))
                        .limits()
                        .streamsPerOrganization())
                .isEqualTo(7);
        assertThat(config(Map.of("PARTYLINE_LIMITS_KEYS_PER_MINUTE", "7"))
                        .limits()
                        .keysPerMinute())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "PARTYLINE_HTTP_PROT, did you mean PARTYLINE_HTTP_PORT?",
        "PARTYLINE_DATA_FODLER, did you mean PARTYLINE_DATA_FOLDER?",
        "PARTYLINE_LOUDNESS, there are PARTYLINE_",
        "PARTYLINE_LINES, --config"
    })
    void a_variable_that_means_nothing_stops_the_start(String name, String advice) {
        assertThatThrownBy(() -> config(Map.of(name, "1")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("environment variable " + name)
                .hasMessageContaining(advice);
    }

    @Test
    void variables_of_others_and_those_that_the_file_names_are_let_be() throws IOException {
        Map<String, String> environment = Map.of(
                "PARTYLINE_ADMIN_KEY", "x",
                "PARTYLINE_API_KEY", "x",
                "PARTYLINE_WORD", "halt",
                "PARTYLINE_SERVICE_HOST", "10.96.0.17",
                "PARTYLINE_PORT", "tcp://10.96.0.17:80",
                "PARTYLINE_PORT_80_TCP_ADDR", "10.96.0.17",
                "HOME", "/root");

        Config config = Config.of(Settings.read(
                Optional.of(file("http:\n  public_url: https://${PARTYLINE_WORD}.example\n")), environment, Map.of()));

        assertThat(config.http().publicUrl()).contains("https://halt.example");
    }

    @Test
    void a_wrong_value_is_blamed_on_where_it_stands() throws IOException {
        Path file = file("http:\n  port: many\n");

        assertThatThrownBy(() -> config(Map.of("PARTYLINE_HTTP_PORT", "tcp://10.96.0.17:80")))
                .hasMessageContaining("environment variable PARTYLINE_HTTP_PORT")
                .hasMessageContaining("tcp://10.96.0.17:80");
        assertThatThrownBy(() -> Config.of(Settings.read(Optional.of(file), Map.of(), Map.of("http.port", "-1"))))
                .hasMessageContaining("the command line: http.port");
        assertThatThrownBy(() -> Config.of(Settings.read(Optional.of(file), Map.of(), Map.of())))
                .hasMessageStartingWith(file + ": http.port is \"many\"");
        assertThatThrownBy(() -> config(Map.of("PARTYLINE_HTTP_TRUSTED_PROXIES", "localhost")))
                .hasMessageContaining("environment variable PARTYLINE_HTTP_TRUSTED_PROXIES")
                .hasMessageContaining("\"localhost\" is not a network");
    }

    @Test
    void contacts_say_whose_a_mail_address_is() throws IOException {
        Path file = file("contacts:\n  Ann@example.com: \"+12025550140\"\n");
        PhoneNumber ann = new PhoneNumber("+12025550140");

        assertThat(Config.of(Settings.read(Optional.of(file), Map.of(), Map.of()))
                        .addresses()
                        .number("ann@example.com"))
                .contains(ann);
        assertThat(config(Map.of("PARTYLINE_CONTACTS", "bob@example.com=+12025550141, ann@example.com=+12025550140"))
                        .addresses()
                        .number("ann@example.com"))
                .contains(ann);
        assertThat(config(Map.of()).addresses().numbers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann: \"+12025550140\" | contacts has a wrong entry: \"ann\" is no mail address such as ann@example.com",
                "ann@example.com: 12025550140 | contacts has a wrong entry: what ann@example.com belongs to must be an E.164 number",
                "ann@example.com: \"+12025550100\" | contacts gives ann@example.com the number of a line",
                "ann@example.com: [a] | contacts.ann@example.com must be one value",
            })
    void a_wrong_contact_is_refused_by_name(String entry, String what) throws IOException {
        Path file = file("contacts:\n  " + entry + "\n");

        assertThatThrownBy(() -> Config.of(Settings.read(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(what);
    }

    @Test
    void a_mistyped_key_is_answered_with_the_one_that_is_meant() throws IOException {
        Path file = file("http:\n  prot: 1\n");

        assertThatThrownBy(() -> Settings.read(Optional.of(file), Map.of(), Map.of()))
                .hasMessage(file + ": http.prot is not a key: did you mean http.port?");
    }

    @Test
    void a_key_that_stands_twice_is_refused_with_both_lines() throws IOException {
        Path file = file("http:\n  port: 1\n  host: localhost\n  port: 2\n");

        assertThatThrownBy(() -> Settings.read(Optional.of(file), Map.of(), Map.of()))
                .isInstanceOf(StartupFailure.class)
                .hasMessage("The configuration " + file
                        + " has the key http.port twice, in line 2 and in line 4: keep one.");

        Path lines = file("lines:\n  - {id: a}\n  - id: b\n    number: '+1'\n    id: c\n");

        assertThatThrownBy(() -> Settings.read(Optional.of(lines), Map.of(), Map.of()))
                .hasMessageContaining("lines.1.id twice, in line 3 and in line 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partyline.example.org",
                "not a url",
                "ftp://partyline.example.org",
                "https://",
                "https:///path",
                "https://bücher.example",
                "https://example.org/?a=b",
                "https://example.org/#top",
                "https://user:secret@example.org"
            })
    void a_public_url_is_a_url_or_the_start_ends_with_a_sentence(String url) {
        assertThatThrownBy(() -> config(Map.of("PARTYLINE_HTTP_PUBLIC_URL", url)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("http.public_url is \"" + url + "\"")
                .hasMessageContaining("https://partyline.example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "https://partyline.example.org/, https://partyline.example.org",
        "http://192.168.1.20:8080, http://192.168.1.20:8080",
        "'http://[::1]:8080', 'http://[::1]:8080'",
        "http://my_host:8080//, http://my_host:8080",
        "' https://x.example/partyline/ ', https://x.example/partyline"
    })
    void a_public_url_has_no_slash_at_its_end(String told, String url) {
        assertThat(config(Map.of("PARTYLINE_HTTP_PUBLIC_URL", told)).http().publicUrl())
                .contains(url);
    }

    private static Config config(Map<String, String> environment) {
        return Config.of(Settings.read(Optional.empty(), environment, Map.of()));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("partyline.yaml"), text);
    }
}
