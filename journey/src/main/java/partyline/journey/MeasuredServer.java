package partyline.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The packaged jar as a process of its own, in an empty folder, whose JVM takes part in measuring. Used by one thread.
final class MeasuredServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    private final Path log;
    private final HttpApi api;
    private final Process process;

    /// Starts it with these options of the JVM, and phones that hear and tell of everything after `latency`.
    MeasuredServer(Path jar, List<String> options, Path folder, Duration latency) throws IOException {
        int port = freePort();
        String adminKey = "ApiKey_" + UUID.randomUUID() + "." + UUID.randomUUID();
        Files.writeString(folder.resolve("partyline.yaml"), "simulator:\n  latency_ms: " + latency.toMillis() + "\n");
        log = folder.resolve("server.log");
        api = new HttpApi("http://127.0.0.1:" + port, adminKey);
        List<String> command = new ArrayList<>();
        command.add(JAVA.resolve("java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        command.addAll(List.of("serve", "--config", "partyline.yaml", "--port", Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PARTYLINE_"));
        builder.environment().put("PARTYLINE_ADMIN_KEY", adminKey);
        process = builder.start();
    }

    HttpApi api() {
        return api;
    }

    /// Waits until it answers.
    void awaitAnswer() {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!api.answers()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the server does not start; see " + log);
            }
            Wait.of(Duration.ofMillis(20));
        }
    }

    /// Says something to its JVM with the JDK's `jcmd`.
    void command(String... words) {
        List<String> command = new ArrayList<>();
        command.add(JAVA.resolve("jcmd").toString());
        command.add(Long.toString(process.pid()));
        command.addAll(List.of(words));
        try {
            Process jcmd = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (jcmd.waitFor() != 0) {
                throw new IllegalStateException("jcmd " + words[0] + " failed; see " + log);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Ends it, however it likes that.
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(PATIENCE)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
