import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/// A receiver of webhooks that answers 200 at once and tells of the number that each body carries as
/// `<<number>>`. It lives as long as its loop.
final class Receiver {

    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private volatile IntConsumer listener = _ -> {};

    Receiver(Loop loop) throws IOException {
        port = loop.listen((link, bytes, body, length) -> {
            link.write(OK);
            int number = number(bytes, body, body + length);
            if (number >= 0) {
                listener.accept(number);
            }
        });
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /// Calls `listener` for every webhook from now on, on the loop's thread.
    void listen(IntConsumer listener) {
        this.listener = listener;
    }

    private static int number(byte[] bytes, int from, int to) {
        for (int at = from + 1; at < to; at++) {
            if (bytes[at] == '<' && bytes[at - 1] == '<') {
                int number = 0;
                for (int digit = at + 1; bytes[digit] != '>'; digit++) {
                    number = number * 10 + bytes[digit] - '0';
                }
                return number;
            }
        }
        return -1;
    }
}
