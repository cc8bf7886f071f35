package partyline.app;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/// The console's conversations in a browser: watched, answered, searched and ended.
@Tag("needs-tools")
class ConsoleConversationsIT {

    private static final String SCROLL = "document.querySelector('[data-testid=bubbles]')";
    private static final String BELOW =
            "Math.round(%1$s.scrollHeight - %1$s.scrollTop - %1$s.clientHeight)".formatted(SCROLL);

    @TempDir
    static Path folder;

    private static Jar jar;
    private static Browser browser;
    private static Api admin;
    private static int agents;

    private String person;
    private String handle;
    private JsonNode identity;
    private String line;

    @BeforeAll
    static void start() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        admin = new Api(jar.base(), jar.key());
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        jar.close();
        browser.close();
    }

    @BeforeEach
    void aPersonTalksWithAFreshAgent() {
        handle = "guide-" + ++agents;
        person = "+120255501" + (50 + agents);
        identity = admin.identity(handle);
        line = admin.connect(person, handle);
        admin.text(person, line, "hello " + handle);
        browser.look(false, 1280);
        signIn(jar.key());
        browser.sees("talk-last", last -> last.contains("hello " + handle));
    }

    @AfterEach
    void nothingWentWrongInThePage() {
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void a_talk_is_watched_live_and_an_admin_answers_as_the_agent() {
        open();
        admin.text(person, line, "is anybody there?");
        browser.sees("bubble-text", List.of("hello " + handle, "is anybody there?")::equals);
        admin.post("/simulator/typing", "{\"from\":\"%s\",\"to\":\"%s\",\"typing\":true}".formatted(person, line))
                .expect(204);
        browser.sees("typing", shown -> shown.size() == 1);

        browser.sees("composer-as", "Sent as @" + handle + " by an admin");
        browser.type("composer", "Yes, it is me");
        browser.find(By.cssSelector("[data-testid=composer-effect] [value=confetti]"))
                .click();
        browser.click("send");

        browser.sees("note", List.of("By an admin", "Sent with Confetti")::equals);
        browser.sees("status", status -> status.size() == 1 && status.getFirst().matches("(Delivered|Read) .+"));
        assertThat(admin.bubbles(person, line).getLast().path("text").asString())
                .isEqualTo("Yes, it is me");
        browser.sees("talk-last", last -> last.getFirst().endsWith("Yes, it is me"));
    }

    @Test
    void an_admin_reacts_and_marks_read_and_releases() {
        open();
        browser.click("bubble");
        browser.click("react-love");
        browser.sees("badge", List.of("❤️")::equals);
        browser.click("react-love");
        browser.sees("badge", List::isEmpty);

        browser.click("mark-read");
        browser.sees("toast", "One message marked read");
        browser.sees("mark-read", List::isEmpty);

        browser.click("talk-more");
        browser.click("release");
        browser.click("release-dialog-go");
        browser.sees("talk-state", "released");
        browser.reload();
        browser.sees("closed", told -> told.size() == 1 && told.getFirst().contains("connect @" + handle));
    }

    @Test
    void a_word_is_searched_and_opened_and_its_person_blocked_from_there() {
        admin.text(person, line, "shall we meet in Zanzibar at five?");
        browser.press("/");
        browser.press("zanzibar");
        browser.sees("snippet", found -> found.contains("shall we meet in Zanzibar at five?"));
        assertThat(browser.find(By.cssSelector("[data-testid=snippet] mark")).getText())
                .isEqualTo("Zanzibar");

        browser.click("hit");
        browser.sees("bubble-text", "shall we meet in Zanzibar at five?");
        assertThat(browser.find(By.cssSelector(".aimed")).getText()).contains("Zanzibar");
        browser.click("talk-more");
        browser.click("block");
        browser.click("block-dialog-go");
        browser.sees("talk-blocked", "blocked");

        browser.type("composer", "one more thing");
        browser.press(Keys.ENTER);
        browser.sees("refusal", told -> told.size() == 1 && !told.getFirst().isEmpty());
        assertThat(browser.severeConsoleEntries()).allMatch(entry -> entry.contains("403"));
        admin.text(person, line, "do you hear me?");
        browser.reload();
        browser.sees("note", told -> told.contains("Blocked: the agent does not see it"));
    }

    @Test
    void older_messages_come_as_one_scrolls_up_and_newer_ones_do_not_push() {
        for (int at = 0; at < 130; at++) {
            admin.text(person, line, "message " + at);
        }
        open();
        browser.sees("bubble-text", shown -> shown.contains("message 129"));
        Api.waitFor(() -> browser.tells(BELOW), "0"::equals);
        int before = Integer.parseInt(browser.tells("document.querySelectorAll('[data-testid=bubble]').length"));
        assertThat(before).isBetween(50, 100);

        browser.tells("%s.scrollTop = 0".formatted(SCROLL));
        browser.sees("bubble-text", shown -> shown.size() > before);
        String first = firstSeen();
        assertThat(first).isNotEqualTo("hello " + handle);
        admin.text(person, line, "one more");
        browser.sees("to-end", "New messages ↓");
        assertThat(firstSeen()).isEqualTo(first);

        browser.click("to-end");
        Api.waitFor(() -> browser.tells(BELOW), "0"::equals);
        browser.sees("bubble-text", shown -> shown.getLast().equals("one more"));
        browser.sees("to-end", List::isEmpty);
    }

    @Test
    void what_is_hostile_is_shown_as_it_is_and_runs_nothing() {
        String script = "<script>window.hacked=1</script><img src=x onerror='window.hacked=2'>";
        admin.patch("/api/v1/identities/" + handle, "{\"display_name\":\"<b onclick=hacked=3>\"}")
                .expect(200);
        admin.post(
                        "/api/v1/contacts",
                        "{\"preferred_name\":\"<img src=x onerror=hacked=4>\",\"phones\":[{\"value_e164\":\"%s\"}]}"
                                .formatted(person))
                .expect(201);
        admin.text(person, line, script);
        admin.text(person, line, "javascript:hacked=5 data:text/html,<script>hacked=6</script>");
        Api agent = admin.scoped(identity);
        for (String file : List.of("x.svg", "x.html")) {
            byte[] bytes =
                    "<svg xmlns='http://www.w3.org/2000/svg' onload='top.hacked=7'><script>top.hacked=8</script></svg>"
                            .getBytes(UTF_8);
            String url = Upload.of(admin, file, null, bytes).url();
            agent.post(Talk.MESSAGES, "{\"to\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(person, url))
                    .expect(201);
            admin.post(
                            "/simulator/messages",
                            "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}".formatted(person, line, url))
                    .expect(201);
        }

        open();

        browser.sees("talk-title", "<img src=x onerror=hacked=4>");
        browser.sees("bubble-text", shown -> shown.contains(script));
        browser.sees(
                "attachment",
                files -> files.stream().filter(it -> it.startsWith("x.html")).count() == 2);
        browser.sees("link", List::isEmpty);
        assertThat(browser.tells("window.hacked")).isEqualTo("null");
        assertThat(browser.tells("document.querySelectorAll('main :is(script, iframe, [onerror], [onclick])').length"))
                .isEqualTo("0");
    }

    @Test
    void an_agents_key_sees_its_own_talk_alone_without_what_only_admins_may() {
        signIn(admin.scoped(identity).key());
        browser.sees("talk", talks -> talks.size() == 1);
        open();

        browser.sees("composer-as", "Sent as @" + handle);
        browser.sees("talk-more", List::isEmpty);
        browser.sees("filter-blocked", List::isEmpty);
    }

    @Test
    void on_a_phone_the_list_and_the_talk_are_a_screen_each_and_arrows_walk_bubbles() {
        browser.look(true, 390);
        admin.text(person, line, "second");
        open();
        browser.sees("talk", List::isEmpty);
        browser.sees("bubble-text", List.of("hello " + handle, "second")::equals);
        assertThat(browser.tells("document.documentElement.scrollWidth")).isEqualTo("390");

        browser.tells("[...document.querySelectorAll('[data-testid=bubble]')].at(-1).focus()");
        browser.press(Keys.ARROW_UP);
        assertThat(browser.tells("document.activeElement.innerText")).contains("hello " + handle);
        browser.press(Keys.ENTER);
        browser.sees("facts", shown -> shown.size() == 1);

        browser.click("back");
        browser.sees("talk", talks -> !talks.isEmpty());
        browser.sees("bubble-text", List::isEmpty);
    }

    /// The text at the upper edge of the transcript.
    private static String firstSeen() {
        return browser.tells("[...document.querySelectorAll('[data-testid=bubble]')].find(it =>"
                + " it.getBoundingClientRect().top > %s.getBoundingClientRect().top).innerText".formatted(SCROLL));
    }

    private void open() {
        browser.find(By.xpath(
                        "//*[@data-testid='talk'][contains(., '@%1$s') or not(contains(., '@'))]".formatted(handle)))
                .click();
        browser.sees("bubble-text", shown -> shown.size() > 0);
    }

    private static void signIn(String key) {
        browser.open(jar.base() + "/console/conversations");
        browser.tells("sessionStorage.setItem('partyline.key', '%s')".formatted(key));
        browser.reload();
        browser.sees("live", "Live");
    }
}
