package partyline.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// An OpenSSH server on a high port of loopback, run by whoever runs the test, with keys that are thrown away; and a
/// configuration with which ssh finds it under the name [#HOST].
final class SshServer implements AutoCloseable {

    static final String HOST = "the-mac";
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    /// Where sshd wants an empty folder when root runs it.
    private static final Path EMPTY = Path.of("/run/sshd");

    private static final long LOOK = 20_000_000;
    private static final int LOOKS = 500;

    private final Path folder;
    private final int port;
    private Process server;

    SshServer(Path folder) throws IOException {
        this.folder = folder;
        String user = System.getProperty("user.name");
        if (user.equals("root")) {
            Files.createDirectories(EMPTY);
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String key : List.of("host", "user")) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(key).toString());
        }
        Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
        String hostKey = Files.readString(folder.resolve("host.pub"));
        Files.writeString(folder.resolve("known"), "[127.0.0.1]:" + port + " " + hostKey);
        Files.writeString(folder.resolve("sshd_config"), """
                Port %2$d
                ListenAddress 127.0.0.1
                HostKey %1$s/host
                AuthorizedKeysFile %1$s/authorized
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                MaxStartups 100
                PidFile none
                """.formatted(folder, port));
        Files.writeString(folder.resolve("ssh_config"), """
                Host %3$s
                  HostName 127.0.0.1
                  Port %2$d
                  User %4$s
                  IdentityFile %1$s/user
                  IdentitiesOnly yes
                  UserKnownHostsFile %1$s/known
                  StrictHostKeyChecking yes
                """.formatted(folder, port, HOST, user));
        server = serve();
    }

    /// What ssh is told with `-F`.
    String config() {
        return folder.resolve("ssh_config").toString();
    }

    /// Every connection is gone at once, and no new one is taken.
    void stop() {
        server.descendants().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly();
        ended(server);
    }

    void start() throws IOException {
        server = serve();
    }

    @Override
    public void close() {
        stop();
    }

    private Process serve() throws IOException {
        Process started = new ProcessBuilder(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.log").toFile())
                .start();
        for (int look = 0; look < LOOKS && started.isAlive(); look++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return started;
            } catch (IOException e) {
                LockSupport.parkNanos(LOOK);
            }
        }
        throw new IOException("sshd does not start: " + Files.readString(folder.resolve("sshd.log")));
    }

    private static void run(String... command) throws IOException {
        Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ended(run) != 0) {
            throw new IOException(command[0] + ": " + said);
        }
    }

    private static int ended(Process process) {
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UncheckedIOException(new IOException("it does not end"));
    }
}
