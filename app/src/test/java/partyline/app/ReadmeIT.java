package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README tells a newcomer to type, typed.
@Tag("needs-tools")
class ReadmeIT {

    private static final Pattern FIRST_CONVERSATION =
            Pattern.compile("<!-- first conversation.*?-->\\s*```sh\\n(.*?)```", Pattern.DOTALL);
    private static final String KEY = "KEY=ApiKey_...";
    private static final String API = "API=http://127.0.0.1:8080\n";

    @TempDir
    Path folder;

    private Jar jar;

    @AfterEach
    void stop() {
        jar.close();
    }

    @Test
    void the_first_conversation_works_as_written_with_curl_alone() throws IOException {
        String script = firstConversation();
        assertThat(script).containsOnlyOnce(KEY).containsOnlyOnce(API);
        jar = Jar.start(folder, Map.of(), "--port", "0");
        // Somebody who reads along waits longer when their machine is busy.
        String patience = "sleep() { command sleep 6; }\n";
        String typed = patience + script.replace(KEY, "KEY=" + jar.key()).replace(API, "API=" + jar.base() + "\n");
        // Where curl looks for its defaults: an answer of 400 or above ends the script like any failed command.
        Files.writeString(folder.resolve(".curlrc"), "fail-with-body\n");

        List<String> shell = List.of("bash", "-eu", "-o", "pipefail", "-c", typed);
        try (Program conversation = Program.start(folder, Map.of("CURL_HOME", folder.toString()), shell)) {
            int exitCode = conversation.exitCode();

            String printed = conversation.output();
            assertThat(exitCode).as(printed).isZero();
            assertThat(printed)
                    .contains("\"agent_handle\":\"my-agent\"", "BEGIN:VCARD", "Book dinner for two", "Done!")
                    .doesNotContain("\"detail\"");
            assertThat(printed.stripTrailing()).endsWith("\"status\":\"delivered\"");
        }
    }

    private static String firstConversation() throws IOException {
        Matcher block =
                FIRST_CONVERSATION.matcher(Files.readString(Jar.repository().resolve("README.md")));
        assertThat(block.find()).as("README.md has the first conversation").isTrue();
        return block.group(1);
    }
}
