package partyline.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An agent of `examples/`, run by the command that the README there gives.
record Example(String file, String command) {

    private static final Path FOLDER = Jar.repository().resolve("examples");
    private static final Pattern ROW = Pattern.compile("^\\| \\[`(.+?)`].*\\| `(.+?)` \\|$", Pattern.MULTILINE);

    /// What `examples/` has of it: the file, or the folder that it is in.
    String name() {
        return file.replaceFirst("/.*", "");
    }

    /// All that its table has.
    static List<Example> all() {
        return ROW.matcher(readme()).results().map(Example::of).toList();
    }

    static Example of(String file) {
        return all().stream()
                .filter(it -> it.file.equals(file))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("examples/README.md has no row for " + file));
    }

    /// The block of the README under the comment that begins with `name`.
    static String script(String name) {
        Matcher block = Pattern.compile("<!-- " + name + ".*?-->\\s*```sh\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme());
        if (!block.find()) {
            throw new IllegalStateException("examples/README.md has no block " + name);
        }
        return block.group(1);
    }

    /// What an agent with this key takes from its environment; what it keeps is kept in `folder`.
    static Map<String, String> settings(String base, String key, Path folder) {
        return Map.of(
                "PARTYLINE_URL", base,
                "PARTYLINE_API_KEY", key,
                "ECHO_PORT", freePort(),
                "ECHO_PLACE", folder.resolve("place").toString(),
                "LLM_PLACE", folder.resolve("place").toString(),
                "MCP_PLACE", folder.resolve("place").toString(),
                "TODO_FILE", folder.resolve("todo.db").toString(),
                "OPENAI_API_KEY", "");
    }

    Program start(Map<String, String> settings) {
        return start(settings, Map.of());
    }

    Program start(Map<String, String> settings, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.putAll(more);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        List<String> words =
                List.of(command.replaceFirst("^java ", Program.java() + " ").split(" "));
        return Program.start(FOLDER, environment, words);
    }

    /// A port that nobody listened on a moment ago.
    static String freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Example of(MatchResult row) {
        return new Example(row.group(1), row.group(2));
    }

    private static String readme() {
        try {
            return Files.readString(FOLDER.resolve("README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
