package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The guides and the reference in a browser. What they look like is left in `target`.
@Tag("needs-tools")
class DocsPagesIT {

    private static final int PHONE = 390;
    private static final int DESK = 1280;
    private static final String FOCUSED = "document.activeElement.innerText.trim()";
    private static final String TOO_WIDE = "document.documentElement.scrollWidth > innerWidth";
    private static final String DARKNESS =
            "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).every(it => it < 60)";
    private static final By SEND = By.id("operations-Messages-sendMessage");

    @TempDir
    Path folder;

    private Jar jar;
    private Browser browser;

    @BeforeEach
    void start() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        browser = new Browser();
    }

    @AfterEach
    void stop() {
        browser.close();
        jar.close();
    }

    @Test
    void guides_are_read_with_the_keyboard_in_the_dark_and_on_a_phone() {
        for (String page : List.of(
                "", "/first-agent", "/receiving", "/replying", "/events", "/mcp", "/limits", "/errors", "/examples")) {
            for (boolean dark : List.of(false, true)) {
                for (int width : List.of(PHONE, DESK)) {
                    browser.look(dark, width);
                    browser.open(jar.base() + "/docs" + page);

                    assertThat(browser.tells(TOO_WIDE))
                            .as("%s at %d", page, width)
                            .isEqualTo("false");
                    assertThat(browser.tells(DARKNESS)).isEqualTo(String.valueOf(dark));
                    assertThat(browser.askedElsewhere()).isEmpty();
                    browser.photograph("docs" + page.replace('/', '-') + (dark ? "-dark-" : "-") + width);
                }
            }
        }
        browser.open(jar.base() + "/docs");
        browser.press(Keys.TAB);
        assertThat(browser.tells(FOCUSED)).isEqualTo("Skip to the text");
        browser.press(Keys.TAB);
        browser.press(Keys.TAB);
        assertThat(browser.tells(FOCUSED)).isEqualTo("First agent");
        browser.press(Keys.ENTER);
        assertThat(browser.find(By.tagName("h1")).getText()).isEqualTo("Your first agent in five minutes");
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void an_operation_is_tried_out_with_the_readers_own_key_and_nobody_else_is_asked() {
        Api admin = new Api(jar.base(), jar.key());
        for (int width : List.of(DESK, PHONE)) {
            browser.look(width == PHONE, width);
            browser.open(jar.base() + "/docs/reference");
            browser.find(SEND);
            assertThat(browser.tells(TOO_WIDE)).isEqualTo("false");
            browser.photograph("docs-reference-" + width);
        }
        browser.look(false, DESK);
        browser.find(By.cssSelector(".btn.authorize")).sendKeys(Keys.ENTER);
        browser.find(By.cssSelector(".auth-container input")).sendKeys(admin.key() + Keys.ENTER);
        browser.find(By.cssSelector(".btn-done")).sendKeys(Keys.ENTER);
        // So many operations are drawn only where they are looked at.
        browser.find(By.cssSelector(".operation-filter-input")).sendKeys("Keys");
        browser.find(By.cssSelector("#operations-Keys-getWhoami .opblock-summary-control"))
                .sendKeys(Keys.ENTER);
        browser.find(By.cssSelector(".try-out__btn")).sendKeys(Keys.ENTER);
        browser.find(By.cssSelector(".btn.execute")).sendKeys(Keys.ENTER);

        String answer = browser.find(By.cssSelector(".live-responses-table .highlight-code"))
                .getText();
        browser.photograph("docs-reference-tried");
        assertThat(answer).contains("\"auth_subtype\": \"api_key.admin_scoped\"");
        assertThat(browser.askedElsewhere()).isEmpty();
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }
}
