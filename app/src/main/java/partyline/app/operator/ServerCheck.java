package partyline.app.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import partyline.app.config.Config;
import partyline.app.http.PemFiles;
import partyline.kernel.StartupFailure;

/// Whether a server could start here, as far as that can be known without one: the address to listen on, the
/// certificate and the folder.
public final class ServerCheck {

    private ServerCheck() {}

    /// Prints what would keep the server from starting; returns how many problems there are.
    public static int run(Config config, PrintWriter out) {
        Config.Http http = config.http();
        int bad = told(out, "http.port", port(http.host(), http.port()))
                + told(out, "data.folder", folder(config.data().path()));
        if (http.tls().isOn()) {
            bad += told(out, "http.tls", certificate(http.tls()));
        }
        if (config.metrics().port().isPresent()) {
            String host = config.metrics().host();
            bad += told(out, "metrics.port", port(host, config.metrics().port().getAsInt()));
        }
        if (config.backup().interval().isPositive()) {
            bad += told(out, "backup.folder", folder(config.backup().path()));
        }
        if (http.publicUrl().isPresent()) {
            String url = http.publicUrl().get();
            String host = url.replaceFirst("^https?://(\\[[^]]*]|[^:/]*).*$", "$1");
            bad += told(out, "http.public_url", url(host));
            if (isPlain(url, host)) {
                out.println("  The published clients speak plain http to their own machine alone: put TLS in front.");
            }
        }
        return bad;
    }

    private static int told(PrintWriter out, String key, Optional<String> problem) {
        out.println(key + (problem.isEmpty() ? "  ok" : ""));
        problem.ifPresent(text -> out.println("  " + text));
        return problem.isEmpty() ? 0 : 1;
    }

    private static Optional<String> port(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("Cannot listen on " + host + " port " + port + " (" + e.getMessage()
                    + "): stop the program that has it, which may be this server, or choose another.");
        }
    }

    private static Optional<String> certificate(Config.Tls tls) {
        try {
            Instant until = PemFiles.read(tls).until();
            return Optional.of("The certificate was good until " + until + ": get a new one.")
                    .filter(_ -> until.isBefore(Instant.now()));
        } catch (StartupFailure e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Whether the host has an address. One that only the people outside know is no reason to stay silent about it.
    private static Optional<String> url(String host) {
        try {
            InetAddress.getByName(host);
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("The name " + host
                    + " is not known here: look for a slip in it, or add it to the DNS of its domain.");
        }
    }

    private static boolean isPlain(String url, String host) {
        try {
            return url.startsWith("http:") && !InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /// The folder itself, or the nearest one above that is there and would take it.
    private static Optional<String> folder(Path data) {
        Path folder = data.toAbsolutePath().normalize();
        Path there = folder;
        while (there.getParent() != null && Files.notExists(there)) {
            there = there.getParent();
        }
        if (Files.isDirectory(there) && Files.isWritable(there)) {
            return Optional.empty();
        }
        return Optional.of("The user " + System.getProperty("user.name") + " cannot write to " + there
                + ": choose another data folder, or change its owner.");
    }
}
