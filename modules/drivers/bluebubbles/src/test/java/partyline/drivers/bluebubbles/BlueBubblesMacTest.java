package partyline.drivers.bluebubbles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.drivers.contract.LineServer.ANN;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.drivers.contract.FakeLine.Trouble;
import partyline.drivers.contract.LineServer;
import partyline.drivers.contract.Rig;
import partyline.fakes.bluebubbles.FakeMac;
import partyline.kernel.StartupFailure;
import partyline.testkit.FakeClock;
import partyline.transport.Driver;
import partyline.transport.DriverState;
import partyline.transport.KnownAddresses;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;

/// How a Mac is set up and what it can do: webhooks, Private API or AppleScript, health, configuration.
class BlueBubblesMacTest {

    @TempDir
    Path folder;

    private final BlueBubblesService service = new BlueBubblesService(Map.of());
    private final FakeMac mac = service.mac;

    @Test
    void the_webhook_is_registered_and_repaired_and_others_are_left_alone() {
        String[] place = new String[1];
        try (Rig rig = Rig.open(folder, service)) {
            rig.awaited(() -> mac.hooks().size(), size -> size == 1);
            place[0] = mac.hooks().get(0).path("url").asString();
            assertThat(mac.hooks().get(0).path("events").toString()).contains("typing-indicator", "hello-world");
            mac.unregisterAll();
            mac.register(place[0], List.of("new-message"));
            mac.register(place[0].substring(0, place[0].lastIndexOf('/')) + "/an-old-secret", List.of("*"));
            mac.register("http://127.0.0.1:1/of-somebody-else", List.of("*"));

            mac.stop();
            mac.start();
            rig.restart();

            rig.awaited(
                    () -> mac.hooks().toString(),
                    hooks -> hooks.contains("typing-indicator") && !hooks.contains("an-old-secret"));
            assertThat(mac.hooks().toString()).contains("of-somebody-else");
            assertThat(mac.hooks()).hasSize(2);
        }
    }

    @Test
    void a_line_that_polls_registers_nothing_and_hears_all_the_same() {
        BlueBubblesService polled = new BlueBubblesService(Map.of("events", "poll"));
        try (Rig rig = Rig.open(folder, polled)) {
            polled.mac.writes("hello");

            rig.eventually(rig.handler()::texts, List.of("hello"));
            assertThat(polled.mac.hooks()).isEmpty();
        }
        mac.close();
    }

    @Test
    void without_the_private_api_texts_and_pictures_go_by_applescript() {
        mac.privateApi(false);
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("hi");
            rig.eventually(rig.handler()::texts, List.of("hi"));

            SendResult.Accepted styled = Rig.accepted(rig.send(rig.styled("plain", "confetti")));
            rig.sent(rig.picture("look"));

            assertThat(styled.leftOut()).containsExactly("effect");
            assertThat(mac.attachments()).containsExactly("cat.jpg: a cat");
            assertThat(mac.bubbles()).hasSize(3).noneMatch(it -> it.effect() != null);
            assertThat(rig.health()).isEqualTo(Driver.Health.UP);
            assertThat(rig.transport().lines().tapback(rig.line().id(), ANN, "x", "love", 0))
                    .isEqualTo(TapbackResult.NOT_NOW);
            assertThat(rig.capabilities().typing()).isFalse();
        }
    }

    @Test
    void a_picture_that_went_before_its_words_failed_is_not_sent_twice() {
        mac.privateApi(false);
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("hi");
            rig.eventually(rig.handler()::texts, List.of("hi"));
            Outgoing message = rig.picture("look");
            mac.fault(FakeMac.Fault.NONE);
            mac.next(Trouble.NOT_TAKEN);

            assertThat(rig.send(message)).isInstanceOf(SendResult.NotSent.class);
            rig.restart();
            rig.sent(message);

            assertThat(mac.bubbles()).hasSize(2);
            assertThat(mac.attachments()).hasSize(1);
        }
    }

    @Test
    void a_helper_that_is_gone_makes_the_line_plain_until_it_is_back() {
        try (Rig rig = Rig.open(folder, service)) {
            rig.eventually(() -> rig.capabilities().effects(), true);
            mac.helper(false);

            rig.eventually(() -> rig.health().state(), Driver.Health.State.DEGRADED);
            assertThat(rig.health().detail()).contains("helper");
            assertThat(Rig.accepted(rig.send(rig.styled("plain", "confetti"))).leftOut())
                    .containsExactly("effect");
            mac.helper(true);

            rig.eventually(rig::health, Driver.Health.UP);
            assertThat(rig.capabilities().effects()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, UP", "false, DEGRADED"})
    void a_server_that_fails_to_say_how_the_mac_is_is_not_down_and_sends(boolean privately, Driver.Health.State state) {
        mac.privateApi(privately);
        mac.infoFails(true);
        try (Rig rig = Rig.open(folder, service)) {
            rig.eventually(() -> rig.health().state(), state);

            rig.sent(rig.text("hello"));

            assertThat(rig.capabilities().effects()).isEqualTo(privately);
        }
    }

    @Test
    void whether_the_mac_is_signed_in_is_what_its_account_says_and_not_its_newest_chat() {
        mac.detected("");
        try (Rig rig = Rig.open(folder, service)) {
            rig.eventually(rig::health, Driver.Health.UP);

            mac.signedIn(false);

            rig.eventually(() -> rig.health().state(), Driver.Health.State.DOWN);
            assertThat(rig.health().detail()).contains("not signed in", "Disconnected");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.9.9, false", "1.10.0, true", "2.0.0, true", "1.8.2, false"})
    void typing_is_stopped_only_where_stopping_does_not_start_it(String version, boolean stops) {
        mac.version(version);
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("hi");
            rig.eventually(rig.handler()::texts, List.of("hi"));

            rig.transport().lines().typing(rig.line().id(), ANN, true);
            rig.transport().lines().typing(rig.line().id(), ANN, false);

            assertThat(mac.calls().stream().anyMatch(it -> it.startsWith("DELETE /chat/")))
                    .isEqualTo(stops);
            assertThat(mac.showsTyping()).isEqualTo(!stops);
        }
    }

    @Test
    void a_wrong_password_is_said_with_its_fix() {
        BlueBubblesService wrong = new BlueBubblesService(Map.of("password", "wrong-one"));
        try (Rig rig = Rig.open(folder, wrong)) {
            assertThat(rig.driver().check(rig.line()))
                    .containsExactly("BlueBubbles refuses the password: correct bluebubbles.password.");
            assertThat(rig.send(rig.text("hello"))).isInstanceOf(SendResult.NotSent.class);
        }
        mac.close();
    }

    @Test
    void a_mac_elsewhere_that_could_not_call_us_is_said_with_the_ways_out() {
        BlueBubblesService elsewhere = new BlueBubblesService(Map.of("url", "http://192.0.2.1:1234"));
        Driver driver = elsewhere.driver(new Rig.Program(
                null,
                null,
                LineServer.POOL,
                () -> "http://127.0.0.1:8080/hooks/pool-1/secret",
                new LineSetup.Surroundings(_ -> null, null, new FakeClock(), KnownAddresses.NONE)));

        assertThat(driver.check(LineServer.POOL)).anyMatch(it -> it.contains("http.public_url") && it.contains("poll"));
        driver.close();
        mac.close();
    }

    @Test
    void a_call_that_is_no_json_is_refused_and_one_of_another_kind_is_not() {
        try (Rig rig = Rig.open(folder, service)) {
            rig.awaited(() -> mac.hooks().size(), size -> size == 1);
            DriverState memory = rig.memory();
            String secret = memory.secret(rig.line());

            assertThat(hook(rig, secret, "{").orElseThrow().status()).isEqualTo(400);
            assertThat(hook(rig, secret, "{\"type\":\"new-findmy-location\",\"data\":[]}")
                            .orElseThrow()
                            .status())
                    .isEqualTo(200);
            assertThat(hook(rig, "guessed", "{}")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "url, , is missing",
        "url, ftp://mac, must be http or https",
        "url, http://mac:1234?password=x, must be http or https",
        "password, , is missing",
        "events, socket, use webhook or poll",
        "private_api, maybe, use auto or off",
        "poll_seconds, 0, whole number from 1",
        "spacing_ms, soon, whole number from 0"
    })
    void what_is_wrong_in_the_configuration_is_said_with_its_key(String key, String value, String sentence) {
        Map<String, String> options = new HashMap<>(Map.of("url", "http://127.0.0.1:1234", "password", "p"));
        options.put(key, value == null ? "" : value);
        LineSetup setup = new LineSetup(
                LineServer.POOL,
                new LineSetup.Options("partyline.yaml, lines[0], bluebubbles", options),
                () -> "",
                new LineSetup.Surroundings(_ -> null, null, new FakeClock(), KnownAddresses.NONE));

        assertThatThrownBy(() -> BlueBubbles.KIND.make().apply(setup))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("lines[0], bluebubbles: " + key)
                .hasMessageContaining(sentence);
        mac.close();
    }

    private static Optional<WebhookReceiver.Answer> hook(Rig rig, String secret, String body) {
        return rig.transport()
                .hook(
                        rig.line().id(),
                        secret,
                        new WebhookReceiver.Request("", "", Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }
}
