package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/// The console's pages of webhooks, rules and events, used by somebody who wants to know why an agent hears nothing.
@Tag("needs-tools")
class ConsoleWebhooksIT {

    @TempDir
    static Path folder;

    private static Jar jar;
    private static Browser browser;
    private static Api admin;

    @BeforeAll
    static void start() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        admin = new Api(jar.base(), jar.key());
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        jar.close();
    }

    @BeforeEach
    void signIn() {
        signInWith(jar.key());
        browser.severeConsoleEntries();
    }

    @Test
    void a_webhook_that_fails_is_mended_and_what_it_missed_arrives() {
        JsonNode agent = admin.identity("waiter");
        try (RecordingReceiver wrong = new RecordingReceiver(400);
                RecordingReceiver right = new RecordingReceiver()) {
            open("/webhooks");
            browser.click("webhook-new");
            browser.find(By.cssSelector("[data-testid=webhook-agent] option[value='" + id(agent) + "']"))
                    .click();
            browser.type("webhook-url", wrong.url());
            browser.click("webhook-make");
            browser.sees("signing-key", shows("whsec_"));
            browser.click("webhook-made-done");
            browser.sees("webhook-health", "Fine");
            String line = admin.connect("+12025550141", "waiter");
            admin.text("+12025550141", line, "a table for two");
            wrong.await("imessage.received");

            open("/webhooks");
            browser.sees("webhook-health", "Failing");
            browser.click("webhook");
            browser.sees("attempt-outcome", "400");
            browser.click("attempt");
            browser.sees("attempt-words", shows("not tried again"));
            browser.sees("attempt-body", shows("a table for two"));

            browser.click("webhook-change");
            browser.find(By.cssSelector("[data-testid=webhook-url]"))
                    .sendKeys(Keys.chord(Keys.CONTROL, "a"), right.url());
            browser.click("webhook-save");
            browser.sees("change-webhook", List::isEmpty);
            browser.click("webhook-replay");
            browser.click("replay-go");

            assertThat(right.await("imessage.received").body()).contains("a table for two");
            browser.sees("attempt-outcome", outcomes -> outcomes.contains("200"));
            browser.sees("webhook-health", "Fine");
            browser.click("webhook-test");
            browser.sees("opened-outcome", "200");
            assertThat(browser.severeConsoleEntries()).isEmpty();
        }
    }

    @Test
    void a_blocked_text_is_found_and_its_number_let_in() {
        JsonNode agent = admin.identity("doorman");
        String line = admin.connect("+12025550142", "doorman");
        admin.post(rules("doorman"), "{\"action\":\"block\",\"match_target\":\"+12025550142\"}")
                .expect(201);
        admin.text("+12025550142", line, "let me in");
        awaitBlocked(agent);

        open("/rules?agent=doorman&tab=blocked");
        browser.click("blocked-text");
        browser.sees("blocked-words", "let me in");
        browser.sees("reach-allowed", "Kept out");
        browser.click("blocked-allow");
        browser.sees("reach-allowed", "Gets through");

        admin.text("+12025550142", line, "thank you");
        Api.waitFor(
                () -> admin.get("/api/v1/imessage/messages?is_blocked=false&agent_identity_id=" + id(agent))
                        .text(),
                told -> told.contains("thank you"));
        open("/rules?agent=doorman");
        browser.sees("rule", shows("Allow"));
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void a_number_is_asked_about_before_it_writes() {
        admin.identity("club");
        admin.patch("/api/v1/identities/club", "{\"imessage_filter_mode\":\"whitelist\"}")
                .expect(200);

        open("/rules?agent=club&tab=reach");
        browser.type("reach-number", "+1 (202) 555-0143");
        browser.click("reach-ask");
        browser.sees("reach-allowed", "Kept out");
        browser.sees("reach-sentence", shows("may not write to @club"));

        admin.post(rules("club"), "{\"action\":\"allow\",\"match_target\":\"+12025550143\"}")
                .expect(201);
        browser.click("reach-ask");
        browser.sees("reach-allowed", "Gets through");
        browser.click("reach-rule");
        browser.sees("rule-dialog", dialogs -> dialogs.size() == 1);
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void an_event_shows_its_json_as_soon_as_it_happens_and_after_a_reload() {
        admin.identity("crier");
        open("/events?agent=crier&words=hear+ye");
        browser.sees("live", "Live");
        String line = admin.connect("+12025550144", "crier");
        admin.text("+12025550144", line, "hear ye");

        browser.sees("event", events -> events.size() == 1);
        browser.click("event");
        browser.sees("event-json", shows("\"content\": \"hear ye\""));

        browser.reload();
        browser.sees("event-json", shows("\"content\": \"hear ye\""));
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void a_revoked_key_ends_the_stream_and_the_console_says_so() {
        Api agent = admin.scoped(admin.identity("leaver"));
        signInWith(agent.key());
        open("/events");
        browser.sees("live", "Live");

        agent.post("/api/v1/api-keys/self/revoke", "").expect(200);

        browser.sees("key-submit", "Open the console");
        assertThat(browser.tells("document.body.innerText")).contains("The server does not know this key");
    }

    private static void signInWith(String key) {
        browser.open(jar.base() + "/console");
        browser.tells("sessionStorage.clear()");
        browser.reload();
        browser.type("key-input", key);
        browser.click("key-submit");
        browser.sees("page", pages -> pages.size() == 1);
    }

    private static void open(String place) {
        browser.open(jar.base() + "/console" + place);
    }

    private static Predicate<List<String>> shows(String words) {
        return texts -> texts.stream().anyMatch(text -> text.contains(words));
    }

    private static String id(JsonNode agent) {
        return agent.path("id").asString();
    }

    private static String rules(String handle) {
        return "/api/v1/imessage/identities/" + handle + "/contact-rules";
    }

    private static void awaitBlocked(JsonNode agent) {
        Api.waitFor(
                () -> admin.get("/api/v1/imessage/messages?is_blocked=true&agent_identity_id=" + id(agent))
                        .json(),
                found -> found.size() == 1);
    }
}
