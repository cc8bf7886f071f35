package partyline.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The packaged jar as a process of its own, always in one folder and on one port. Everything that it prints
/// goes to one log. Used by one thread.
final class Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SETTINGS = """
            limits:
              sends_per_24h: 0
              router_replies_per_hour: 10000
            simulator:
              latency_ms: 2
            webhooks:
              retry_delays: [100ms, 300ms, 1s, 2s, 3s, 5s, 5s, 5s, 5s, 5s]
            """;

    private final Path jar;
    private final Path folder;
    private final String adminKey;
    private final int port = freePort();
    private @Nullable Process process;

    Server(Path jar, Path folder, String adminKey) {
        this.jar = jar.toAbsolutePath();
        this.folder = folder;
        this.adminKey = adminKey;
        write(folder.resolve("partyline.yaml"), SETTINGS);
    }

    String base() {
        return "http://127.0.0.1:" + port;
    }

    Path log() {
        return folder.resolve("server.log");
    }

    void start() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString(),
                "serve",
                "--config",
                "partyline.yaml",
                "--port",
                Integer.toString(port));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PARTYLINE_"));
        builder.environment().put("PARTYLINE_ADMIN_KEY", adminKey);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until it answers.
    void awaitAnswer() {
        Http admin = new Http(base(), adminKey);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!(admin.get("/api/v1/imessage/triage-number") instanceof Http.Outcome.Answered answered)
                || !answered.success()) {
            if (process == null || !process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the server does not start; see " + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /// SIGKILL, and nothing else.
    void kill() {
        if (process != null) {
            process.destroyForcibly();
            exitCode();
        }
    }

    /// Asks it to stop, and returns its exit code.
    int stop() {
        if (process != null) {
            process.destroy();
        }
        return exitCode();
    }

    @Override
    public void close() {
        kill();
    }

    private int exitCode() {
        try {
            if (process == null || !process.waitFor(PATIENCE)) {
                throw new IllegalStateException("the server does not end; see " + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
