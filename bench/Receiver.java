import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/// A receiver of webhooks that answers 200 at once and tells of the number that each body carries as `<<number>>`.
/// Thread-safe.
final class Receiver implements AutoCloseable {

    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    private final AtomicLong received = new AtomicLong();
    private volatile IntConsumer listener = _ -> {};

    Receiver() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    /// Calls `listener` for every webhook from now on, on the thread that received it.
    void listen(IntConsumer listener) {
        this.listener = listener;
    }

    /// How many came so far.
    long received() {
        return received.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new IllegalStateException("the receiver broke", e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 8_192);
            while (true) {
                byte[] body = in.readNBytes(length(in));
                socket.getOutputStream().write(OK);
                received.incrementAndGet();
                int number = number(body);
                if (number >= 0) {
                    listener.accept(number);
                }
            }
        } catch (IOException e) {
            // The sender closed its connection, as it may.
        }
    }

    private static int length(InputStream in) throws IOException {
        int length = 0;
        for (String line = Wire.line(in); !line.isEmpty(); line = Wire.line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return length;
    }

    private static int number(byte[] body) {
        for (int at = 1; at < body.length; at++) {
            if (body[at] == '<' && body[at - 1] == '<') {
                int number = 0;
                for (int digit = at + 1; body[digit] != '>'; digit++) {
                    number = number * 10 + body[digit] - '0';
                }
                return number;
            }
        }
        return -1;
    }
}
