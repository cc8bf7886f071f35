package partyline.app.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import partyline.app.config.Config;

/// Whether a server could start here, as far as that can be known without one: the address to listen on and
/// the folder.
public final class ServerCheck {

    private ServerCheck() {}

    /// Prints what would keep the server from starting; returns how many problems there are.
    public static int run(Config config, PrintWriter out) {
        int bad = told(out, "http.port", port(config.http()))
                + told(out, "data.folder", folder(config.data().path()));
        config.http().publicUrl().ifPresent(url -> told(out, "http.public_url", Optional.empty()));
        return bad;
    }

    private static int told(PrintWriter out, String key, Optional<String> problem) {
        out.println(key + (problem.isEmpty() ? "  ok" : ""));
        problem.ifPresent(text -> out.println("  " + text));
        return problem.isEmpty() ? 0 : 1;
    }

    private static Optional<String> port(Config.Http http) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(http.host(), http.port()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("Cannot listen on " + http.host() + " port " + http.port() + " (" + e.getMessage()
                    + "): stop the program that has it, which may be this server, or choose another.");
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
