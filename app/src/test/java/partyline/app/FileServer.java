package partyline.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// Where a line says that pictures are: a server on loopback that answers each path with `/STATUS/SIZE/NAME` as
/// it says. Of several statuses each call gets the next one, and the last one stays; `late` is 404 until
/// [#appear].
final class FileServer implements AutoCloseable {

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean appeared;

    FileServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /// The address of a file of zeros.
    String url(int status, int size, String name) {
        return "http://127.0.0.1:%d/%d/%d/%s".formatted(server.getAddress().getPort(), status, size, name);
    }

    /// The address of a file of zeros that answers its first callers otherwise, or is not there yet.
    String url(String statuses, String name) {
        return "http://127.0.0.1:%d/%s/10/%s".formatted(server.getAddress().getPort(), statuses, name);
    }

    /// From now on late files are there.
    void appear() {
        appeared = true;
    }

    /// The paths that were asked for.
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private int status(String path, String statuses) {
        if (statuses.equals("late")) {
            return appeared ? 200 : 404;
        }
        String[] all = statuses.split(",");
        long calls = asked.stream().filter(path::equals).count();
        return Integer.parseInt(all[(int) Math.min(calls, all.length) - 1]);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            String[] parts = path.split("/");
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(status(path, parts[1]), Integer.parseInt(parts[2]));
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(new byte[Integer.parseInt(parts[2])]);
            }
        }
    }
}
