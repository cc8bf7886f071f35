package partyline.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A program that runs as a process of its own in a folder. What it prints is kept.
final class Program implements AutoCloseable {

    /// How long a program may take to start or to end: a second as a rule, much more on a busy machine.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// Starts the program without the `PARTYLINE_` variables of this process and with those of `environment`.
    static Program start(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("partyline", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PARTYLINE_"));
            builder.environment().putAll(environment);
            return new Program(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The `java` that runs this test.
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The root folder as the process sees it, with its own mounts.
    Path root() {
        return Path.of("/proc", Long.toString(process.pid()), "root");
    }

    /// Types a line into it.
    void type(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until what it printed is as wished, and returns it.
    String awaitOutput(Predicate<String> wish) {
        return Api.waitFor(PATIENCE, this::output, printed -> wish.test(printed) || died());
    }

    /// Whether it ended before it did what was waited for, which is never right.
    boolean died() {
        if (!process.isAlive()) {
            throw new IllegalStateException("it ended: " + output());
        }
        return false;
    }

    int exitCode() {
        try {
            if (!process.waitFor(PATIENCE)) {
                throw new IllegalStateException("still running: " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks it to stop and returns its exit code.
    int terminate() {
        process.destroy();
        return exitCode();
    }

    /// Kills it and what it started at once, as a power cut would: a shell's pipeline would go on without the shell.
    void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        exitCode();
        // Where nobody takes in orphans, one that is dead may be told as alive for ever.
        started.forEach(orphan ->
                orphan.onExit().completeOnTimeout(orphan, 5, TimeUnit.SECONDS).join());
    }

    @Override
    public void close() {
        kill();
    }
}
