import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One kept-alive HTTP connection to a server on this machine, over which a thread waits for each answer.
/// Used by one thread at a time.
final class Wire implements AutoCloseable {

    /// A request that was answered otherwise than asked for.
    static final class Refused extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /// A POST of JSON; each of `headers` has its line end.
    record Request(String path, String headers, String body) {

        Request(String path, String body) {
            this(path, "", body);
        }

        byte[] bytes() {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            byte[] head = ("POST " + path + HEAD + headers
                            + "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            byte[] bytes = Arrays.copyOf(head, head.length + content.length);
            System.arraycopy(content, 0, bytes, head.length, content.length);
            return bytes;
        }
    }

    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + Bench.KEY + "\r\n";

    private final Socket socket;
    private final InputStream in;

    Wire(int port) throws IOException {
        this(port, 0);
    }

    /// With a kernel that takes no more than `buffer` bytes for who does not read; 0 leaves that to it.
    Wire(int port, int buffer) throws IOException {
        this.socket = new Socket();
        if (buffer > 0) {
            socket.setReceiveBufferSize(buffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        this.in = new BufferedInputStream(socket.getInputStream(), 16_384);
    }

    String get(String path) throws IOException {
        return call("GET " + path, ("GET " + path + HEAD + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    String post(String path, String body) throws IOException {
        return post(new Request(path, body));
    }

    String post(Request request) throws IOException {
        return call("POST " + request.path(), request.bytes());
    }

    /// Opens an event stream and reads its status.
    void follow(String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + HEAD + "Accept: text/event-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        if (!line(in).contains(" 200 ")) {
            throw new Refused("no stream at " + path);
        }
    }

    /// Reads on until a line with `wanted` came.
    void awaitLine(String wanted) throws IOException {
        String line = line(in);
        while (!line.contains(wanted)) {
            line = line(in);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String call(String what, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
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
            throw new Refused(status + ": " + body + " to " + what);
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
