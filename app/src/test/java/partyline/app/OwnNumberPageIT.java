package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// The phone page where an agent has a number of its own.
@Tag("needs-tools")
class OwnNumberPageIT {

    private static final By OWN = By.cssSelector("[data-testid=thread][data-line='+12025550110']");

    @TempDir
    Path folder;

    @Test
    void the_number_is_in_the_list_and_its_agent_answers_the_first_text() throws IOException {
        Files.writeString(folder.resolve("partyline.yaml"), """
                lines:
                  - {id: front, number: "+12025550100", roles: [router]}
                  - {id: own, number: "+12025550110", dedicated: "@echo"}
                """);
        try (Jar jar = Jar.start(folder, Map.of(), "--port", "0", "--demo", "--config", "partyline.yaml");
                Browser browser = new Browser()) {
            browser.open(jar.base() + "/phone");
            browser.type("key-input", jar.key());
            browser.click("key-submit");
            browser.sees("thread-title", List.of("@echo")::equals);

            browser.find(OWN).click();
            browser.type("composer", "marco");
            browser.click("send");

            browser.sees("bubble-text", List.of("marco", "You said: marco")::equals);
            browser.reload();
            browser.sees("bubble-text", List.of("marco", "You said: marco")::equals);
            assertThat(browser.severeConsoleEntries()).isEmpty();
        }
    }
}
