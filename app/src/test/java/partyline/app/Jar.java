package partyline.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packaged jar, running as a process of its own in a folder, as a user starts it.
final class Jar implements AutoCloseable {

    private static final Path FILE = Path.of(System.getProperty("partyline.jar"));
    /// It lives for seconds, and most of them are its start, which the second compiler makes longer.
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    /// With the lines up to the next empty one: the key is among them, and lines are printed one by one.
    private static final Pattern API = Pattern.compile("API +(http://\\S+)\\R(.+\\R)*\\R");

    private static final Pattern KEY = Pattern.compile("key +(ApiKey_\\S+)");

    private final Program program;

    private Jar(Program program) {
        this.program = program;
    }

    /// Starts the jar in `folder` with these arguments.
    static Jar start(Path folder, Map<String, String> environment, String... arguments) {
        return start(folder, environment, List.of(), arguments);
    }

    /// Starts it as the last words of another command, which becomes it.
    static Jar start(Path folder, Map<String, String> environment, List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(Program.java());
        command.addAll(SHORT_LIVED);
        command.addAll(List.of("-jar", FILE.toString()));
        command.addAll(List.of(arguments));
        return new Jar(Program.start(folder, environment, command));
    }

    /// The root of the repository that the jar was built in.
    static Path repository() {
        return FILE.getParent().getParent().getParent();
    }

    String output() {
        return program.output();
    }

    /// The root folder as the process sees it.
    Path root() {
        return program.root();
    }

    /// The API's URL, once the banner shows it.
    String base() {
        Matcher matcher =
                API.matcher(program.awaitOutput(printed -> API.matcher(printed).find()));
        matcher.find();
        return matcher.group(1);
    }

    /// The admin key, when the banner shows one.
    String key() {
        base();
        Matcher matcher = KEY.matcher(output());
        return matcher.find() ? matcher.group(1) : "";
    }

    /// Asks it to stop and returns its exit code.
    int terminate() {
        return program.terminate();
    }

    int exitCode() {
        return program.exitCode();
    }

    /// Kills it at once, as a power cut would.
    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        kill();
    }
}
