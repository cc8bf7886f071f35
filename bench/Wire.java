import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One kept-alive HTTP connection to a server on this machine, as lean as it gets: what the load costs is taken
/// from the same two cores as what is measured. Used by one thread at a time.
final class Wire implements AutoCloseable {

    /// A request that was answered otherwise than asked for.
    static final class Refused extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final String head;

    Wire(int port, String key) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        this.in = new BufferedInputStream(socket.getInputStream(), 16_384);
        this.head = " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key + "\r\n";
    }

    String get(String path) throws IOException {
        return call("GET " + path + head + "\r\n");
    }

    String post(String path, String body) throws IOException {
        return post(path, body, "");
    }

    /// With further `headers`, each with its line end.
    String post(String path, String body, String headers) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return call("POST " + path + head + headers + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n"
                + body);
    }

    /// Opens an event stream and reads its head; what comes after is nobody's.
    void follow(String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + head + "Accept: text/event-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        if (!line(in).contains(" 200 ")) {
            throw new Refused("no stream at " + path);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String call(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        String status = line(in);
        int length = 0;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String field = line.toLowerCase();
            length = field.startsWith("content-length:") ? Integer.parseInt(field.substring(15).strip()) : length;
            chunked |= field.startsWith("transfer-encoding:") && field.contains("chunked");
        }
        String body = chunked ? chunks() : new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!status.startsWith("HTTP/1.1 2")) {
            throw new Refused(status + ": " + body + " to " + request.lines().findFirst().orElse(""));
        }
        return body;
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = size(); size > 0; size = size()) {
            body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
            line(in);
        }
        line(in);
        return body.toString();
    }

    private int size() throws IOException {
        return Integer.parseInt(line(in).strip(), 16);
    }

    /// The next line without its end.
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
