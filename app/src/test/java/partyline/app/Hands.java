package partyline.app;

import static org.assertj.core.api.Assertions.fail;

import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// How somebody uses a page: with a mouse at a desk, with a finger on a phone, or by keyboard alone.
enum Hands {
    MOUSE(1280, 800) {
        @Override
        void press(Browser browser, By place) {
            browser.find(place).click();
        }
    },
    FINGER(390, 844) {
        @Override
        void press(Browser browser, By place) {
            browser.tap(place);
        }
    },
    KEYBOARD(1280, 800) {
        /// A link and a button take Enter; a switch takes Space.
        @Override
        void press(Browser browser, By place) {
            WebElement reached = reach(browser, place);
            reached.sendKeys("checkbox".equals(reached.getDomAttribute("type")) ? Keys.SPACE : Keys.ENTER);
        }

        @Override
        void type(Browser browser, By place, String text) {
            reach(browser, place).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
        }

        @Override
        void choose(Browser browser, By place, String option) {
            reach(browser, place).sendKeys(option);
        }

        /// Tab leads to everything, if in many steps; arrows to the next of several tabs.
        private WebElement reach(Browser browser, By place) {
            WebElement wanted = browser.find(place);
            for (int steps = 0; steps < MOST_STEPS; steps++) {
                WebElement here = browser.focused();
                if (wanted.equals(here)) {
                    return wanted;
                }
                browser.press(isTab(here) && isTab(wanted) ? Keys.ARROW_RIGHT : Keys.TAB);
            }
            return fail("Tab does not lead to " + place);
        }

        private boolean isTab(WebElement element) {
            return "tab".equals(element.getDomAttribute("role"));
        }
    };

    private static final int MOST_STEPS = 250;

    private final int width;
    private final int height;

    Hands(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /// The screen that these hands are at.
    void sitDown(Browser browser) {
        browser.screen(width, height, this == FINGER);
    }

    /// Clicks, taps, or goes there and presses.
    abstract void press(Browser browser, By place);

    /// Writes `text` in place of what is there.
    void type(Browser browser, By place, String text) {
        press(browser, place);
        browser.focused().sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    /// Takes the option that begins with these words.
    void choose(Browser browser, By place, String option) {
        browser.find(place).findElements(By.tagName("option")).stream()
                .filter(it -> it.getText().startsWith(option))
                .findFirst()
                .orElseThrow()
                .click();
    }
}
