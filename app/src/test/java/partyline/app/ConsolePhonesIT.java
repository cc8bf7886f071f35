package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// Simulated phones beside a page of the console.
@Tag("needs-tools")
class ConsolePhonesIT {

    private static final Predicate<List<String>> ASKED = texts -> texts.contains("connect @echo");

    @TempDir
    Path folder;

    @Test
    void each_phone_has_a_person_of_its_own_keeps_its_thread_and_what_goes_wrong_is_up_to_the_reader() {
        try (Jar jar = Jar.start(folder, Map.of(), "--port", "0", "--demo");
                Browser browser = new Browser()) {
            browser.look(false, 1280);
            browser.open(jar.base() + "/console/lines");
            browser.type("key-input", jar.key());
            browser.click("key-submit");
            browser.click("phone-toggle");
            browser.click("phone-add");

            browser.lookInto("Phone 2");
            browser.click("first-use-button");
            browser.click("send");
            browser.sees("bubble-text", ASKED);
            browser.lookInto("Phone 1");
            browser.sees("first-use", invitation -> invitation.size() == 1);
            browser.sees("simulator-label", List::isEmpty);

            browser.reload();
            browser.lookInto("Phone 2");
            browser.sees("bubble-text", ASKED);
            browser.click("back");
            browser.sees("thread", threads -> threads.size() == 2);

            browser.lookInto(null);
            browser.find(By.cssSelector("[data-testid=faults] summary")).click();
            browser.click("fault-fail");
            browser.sees("fault-armed", "The line takes it, and later says that it failed.");
            browser.click("fault-fail");
            browser.sees("fault-armed", armed -> armed.getFirst().endsWith("2 times."));
            assertThat(browser.severeConsoleEntries()).isEmpty();
        }
    }
}
