package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Browser.testId;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;

/// What somebody does with the console in their first hour: by mouse, with a finger, and by keyboard alone.
@Tag("needs-tools")
class ConsoleTasksIT {

    private static final String PERSON = "+12025550140";
    private static final By TALK = testId("talk");
    private static final By AGENT_THREAD = By.cssSelector("[data-testid=thread]:not([data-line='" + Api.ROUTER + "'])");

    @TempDir
    Path folder;

    private Hands hands;
    private Browser browser;
    private Jar jar;
    private Api admin;

    @ParameterizedTest
    @EnumSource(Hands.class)
    void ten_things_are_done_from_the_first_agent_to_forgetting_a_person(Hands how) {
        try (Jar started = Jar.start(folder, Map.of(), "--port", "0");
                Browser opened = new Browser()) {
            hands = how;
            jar = started;
            browser = opened;
            admin = new Api(jar.base(), jar.key());
            hands.sitDown(browser);
            String key = makesTheFirstAgent();
            scansItsCard();
            connectsOnThePhoneBesideThePage();
            watchesTheTalk();
            answersAsTheAgent();
            blocksAndFindsTheBlockedText();
            mendsAWebhookAndReplays();
            searchesAWord();
            revokesAKeyAndItsStreamEnds(key);
            erasesThePerson();
            assertThat(browser.severeConsoleEntries()).isEmpty();
        }
    }

    private String makesTheFirstAgent() {
        Instant begun = Instant.now();
        browser.open(jar.base() + "/");
        type("key-input", jar.key());
        press("key-submit");
        type("agent-name", "Dinner Table");
        press("agent-make");
        browser.sees("made-key", keys -> keys.size() == 1);
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofMinutes(1));
        return browser.find(testId("made-key")).getText();
    }

    private void scansItsCard() {
        assertThat(Camera.scan(browser, "[data-testid=connect-qr]"))
                .isEqualTo("sms:" + Api.ROUTER + "?&body=connect%20%40dinner-table");
    }

    private void connectsOnThePhoneBesideThePage() {
        if (hands == Hands.FINGER) {
            // A narrow screen shows one thing at a time.
            press("phone-open");
        }
        browser.lookInto("Phone 1");
        // The words lie ready.
        press("send");
        browser.sees("bubble-text", texts -> texts.stream().anyMatch(text -> text.contains("Dinner Table")));
        browser.lookInto(null);
        press("phone-close");
    }

    private void watchesTheTalk() {
        saysOnThePhone("Hello?");
        visit("conversations");
        hands.press(browser, TALK);
        browser.sees("bubble-text", "Hello?");
        saysOnThePhone("A table for two, please");
        browser.sees("bubble-text", "A table for two, please");
    }

    private void answersAsTheAgent() {
        type("composer", "At seven?");
        press("send");
        browser.sees("bubble-text", "At seven?");
        Api.waitFor(
                () -> admin.bubbles(PERSON, line()),
                bubbles -> bubbles.stream()
                        .anyMatch(it -> it.path("text").asString().equals("At seven?")));
    }

    private void blocksAndFindsTheBlockedText() {
        press("talk-more");
        press("block");
        press("block-dialog-go");
        browser.sees("talk-blocked", "blocked");
        saysOnThePhone("Am I blocked?");
        visit("rules");
        press("tab-blocked");
        press("blocked-text");
        browser.sees("blocked-words", "Am I blocked?");
        press("blocked-allow");
    }

    private void mendsAWebhookAndReplays() {
        try (RecordingReceiver gone = new RecordingReceiver(400);
                RecordingReceiver mended = new RecordingReceiver()) {
            String agent = admin.get("/api/v1/identities/dinner-table")
                    .json()
                    .path("id")
                    .asString();
            admin.post(
                            "/api/v1/webhooks/subscriptions",
                            "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"]}"
                                    .formatted(agent, gone.url()))
                    .expect(201);
            saysOnThePhone("Nobody hears this");
            gone.await("imessage.received");
            visit("webhooks");
            press("webhook");
            press("webhook-change");
            type("webhook-url", mended.url());
            press("webhook-save");
            press("webhook-replay");
            press("replay-go");
            assertThat(mended.await("imessage.received")).isNotNull();
        }
    }

    private void searchesAWord() {
        visit("conversations");
        type("search", "two");
        browser.sees("hit", hits -> hits.size() == 1 && hits.getFirst().contains("A table for two"));
    }

    private void revokesAKeyAndItsStreamEnds(String key) {
        try (EventReader reader = new EventReader(admin.with(key), "")) {
            visit("agents");
            press("agent-row");
            press("tab-keys");
            press("key-revoke");
            press("revoke-go");
            Api.waitFor(reader::ended, Boolean::booleanValue);
        }
    }

    private void erasesThePerson() {
        visit("people");
        press("person-row");
        press("person-erase");
        type("confirm-word", PERSON);
        press("confirm-go");
        browser.sees("toast", told -> told.getFirst().startsWith("Erased"));
        admin.get("/api/v1/people/" + Api.encode(PERSON)).expect(404);
    }

    /// By the way around, which a narrow screen folds away.
    private void visit(String page) {
        if (hands == Hands.FINGER) {
            press("menu");
        }
        press("nav-" + page);
    }

    private void press(String testId) {
        hands.press(browser, testId(testId));
    }

    private void type(String testId, String text) {
        hands.type(browser, testId(testId), text);
    }

    private void saysOnThePhone(String text) {
        admin.text(PERSON, line(), text);
    }

    /// The number that the agent writes from, once it has greeted them.
    private String line() {
        return Api.waitFor(this::lines, lines -> !lines.isEmpty()).getFirst();
    }

    private List<String> lines() {
        return admin.phone(PERSON)
                .path("threads")
                .valueStream()
                .map(thread -> thread.path("line").asString())
                .filter(line -> !line.equals(Api.ROUTER))
                .toList();
    }
}
