package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// Home, the agents and the people of the console, used with the mouse.
@Tag("needs-tools")
class ConsoleAgentsIT {

    private static final String QR = "[data-testid=connect-qr]";
    private static final String ON_THE_PHONE =
            "document.querySelector('iframe')?.contentDocument?.querySelector('[data-testid=composer]')?.value";

    @TempDir
    static Path folder;

    private static Jar jar;
    private static Browser browser;
    private static Api admin;

    @BeforeAll
    static void start() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        browser = new Browser();
        admin = new Api(jar.base(), jar.key());
    }

    @AfterAll
    static void stop() {
        browser.close();
        jar.close();
    }

    @BeforeEach
    void signIn() {
        browser.look(false, 1280);
        signIn(jar.key());
    }

    @AfterEach
    void signOut() {
        assertThat(browser.severeConsoleEntries()).isEmpty();
        browser.tells("sessionStorage.clear()");
        browser.tells("localStorage.clear()");
    }

    @Test
    void the_first_agent_is_made_in_one_form_and_a_phone_can_scan_its_card() {
        for (String handle : handles()) {
            admin.delete("/api/v1/identities/" + handle).expect(204);
        }
        browser.open(jar.base() + "/console");
        browser.type("agent-name", "Dinner Table");
        browser.click("agent-make");

        browser.sees("made-key", key -> key.size() == 1 && key.getFirst().startsWith("ApiKey_"));
        String key = browser.find(By.cssSelector("[data-testid=made-key]")).getText();
        Api agent = admin.with(key);
        assertThat(agent.get("/api/v1/identities/self")
                        .json()
                        .path("agent_handle")
                        .asString())
                .isEqualTo("dinner-table");
        Api.waitFor(() -> browser.tells(ON_THE_PHONE), "connect @dinner-table"::equals);
        String link = agent.get("/api/v1/imessage/triage-number")
                .json()
                .path("sms_link")
                .asString();
        assertThat(Camera.scan(browser, QR)).isEqualTo(link);

        browser.open(jar.base() + "/console/agents/dinner-table/card");
        browser.sees("connect-words", "connect @dinner-table");
        assertThat(Camera.scan(browser, QR)).isEqualTo(link);
    }

    @Test
    void an_agent_is_renamed_switched_off_and_deleted_once_its_handle_is_typed() {
        admin.identity("helper");
        browser.open(jar.base() + "/console/agents/helper");

        browser.type("agent-handle", "helper-two");
        browser.click("agent-save");
        browser.sees("toast", "Saved");
        browser.click("agent-on");
        browser.sees("agent-state", "Off");
        assertThat(admin.get("/api/v1/identities/helper-two")
                        .json()
                        .path("imessage_enabled")
                        .asBoolean())
                .isFalse();
        browser.click("agent-delete");
        browser.type("confirm-word", "helper-two");
        browser.click("confirm-go");

        browser.sees("toast", "@helper-two is deleted");
        admin.get("/api/v1/identities/helper-two").expect(404);
    }

    @Test
    void a_key_is_shown_once_and_refused_once_it_is_revoked() {
        admin.identity("keyed");
        browser.open(jar.base() + "/console/agents/keyed?tab=keys");

        browser.click("key-new");
        browser.type("key-label", "Laptop");
        browser.click("key-make");
        browser.sees("key-text", key -> key.size() == 1);
        Api agent = admin.with(
                browser.find(By.cssSelector("[data-testid=key-text]")).getText());
        agent.get("/api/whoami").expect(200);
        browser.click("key-kept");
        browser.click("key-revoke");
        browser.click("revoke-go");

        browser.sees("key-state", List.of("Revoked")::equals);
        agent.get("/api/whoami").expect(401);
    }

    @Test
    void a_person_is_blocked_and_then_erased_once_the_number_is_typed() {
        admin.identity("doorman");
        String line = admin.connect("+12025550171", "doorman");
        admin.text("+12025550171", line, "hello");
        browser.open(jar.base() + "/console/people");
        browser.type("people-search", "+12025550171");
        browser.sees("person-row", rows -> rows.size() == 1);
        browser.click("person-row");

        browser.sees("reach", "May write");
        browser.click("reach-change");
        browser.sees("reach", "May not write");
        browser.click("person-erase");
        browser.type("confirm-word", "+12025550171");
        browser.click("confirm-go");

        browser.sees("toast", shown -> shown.stream().anyMatch(text -> text.startsWith("Erased")));
        admin.get("/api/v1/people/%2B12025550171").expect(404);
    }

    @Test
    void an_agents_key_shows_that_agent_alone() {
        Api agent = admin.scoped(admin.identity("alone"));
        browser.click("sign-out");
        signIn(agent.key());

        browser.sees("agent-settings", "Settings");
        browser.sees("nav-agents", List::isEmpty);
        browser.sees("nav-people", List::isEmpty);
        browser.click("agent-settings");
        browser.sees("agent-name", fields -> fields.size() == 1);
        browser.sees("tab-keys", List::isEmpty);
        browser.sees("agent-delete", List::isEmpty);
    }

    @Test
    void pages_that_are_left_take_no_connection_from_those_that_follow() {
        admin.identity("listed");
        for (int i = 0; i < 8; i++) {
            browser.open(jar.base() + "/console/agents?visit=" + i);
            browser.sees("agent-row", rows -> !rows.isEmpty());
        }

        browser.back();

        browser.sees("live", "Live");
    }

    private static void signIn(String key) {
        browser.open(jar.base() + "/console");
        browser.type("key-input", key);
        browser.click("key-submit");
        browser.sees("live", "Live");
    }

    private static List<String> handles() {
        return admin.get("/api/v1/identities")
                .json()
                .valueStream()
                .map(agent -> agent.path("agent_handle").asString())
                .toList();
    }
}
