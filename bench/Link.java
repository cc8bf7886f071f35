import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One kept-alive HTTP connection of a loop, which finds where the messages that come over it begin and
/// end. Used by the loop's thread alone.
final class Link {

    /// Who is told of a whole message: its body is `length` bytes from `body` on.
    interface Reader {
        void read(Link link, byte[] bytes, int body, int length);

        /// The connection is over: servers end those that are idle.
        default void closed() {}
    }

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS = "HTTP/1.1 ".length();

    private final Loop loop;
    private final SocketChannel channel;
    private final Reader reader;
    private byte[] bytes = new byte[4_096];
    private int filled;

    Link(Loop loop, SocketChannel channel, Reader reader) {
        this.loop = loop;
        this.channel = channel;
        this.reader = reader;
    }

    /// Messages are small, so a socket that was read takes each at once.
    void write(byte[] message) {
        ByteBuffer buffer = loop.buffer().put(message).flip();
        try {
            channel.write(buffer);
        } catch (IOException e) {
            close(); // The other side went away, as it may.
            return;
        }
        if (buffer.hasRemaining()) {
            throw new IllegalStateException("nobody reads what is written");
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a connection cannot be closed", e);
        }
        reader.closed();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /// Whether an answer says that all is well.
    static boolean success(byte[] bytes) {
        return bytes[STATUS] == '2';
    }

    void readable() {
        ByteBuffer buffer = loop.buffer();
        try {
            if (channel.read(buffer) < 0) {
                close();
                return;
            }
        } catch (IOException e) {
            close(); // The other side went away, as it may.
            return;
        }
        buffer.flip();
        int count = buffer.remaining();
        if (filled + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (filled + count));
        }
        buffer.get(bytes, filled, count);
        filled += count;
        messages();
    }

    private void messages() {
        for (int body = body(); body > 0; body = body()) {
            int end = body + length(body);
            if (end > filled) {
                return;
            }
            reader.read(this, bytes, body, end - body);
            System.arraycopy(bytes, end, bytes, 0, filled - end);
            filled -= end;
        }
    }

    /// Where the body begins; 0 while the head is not complete.
    private int body() {
        for (int at = 3; at < filled; at++) {
            if (bytes[at] == '\n' && bytes[at - 2] == '\n') {
                return at + 1;
            }
        }
        return 0;
    }

    private int length(int body) {
        for (int line = 0; line < body; line++) {
            if (bytes[line] == '\n' && named(line + 1, body)) {
                int length = 0;
                for (int at = line + 1 + LENGTH.length; bytes[at] != '\r'; at++) {
                    length = bytes[at] == ' ' ? length : length * 10 + bytes[at] - '0';
                }
                return length;
            }
        }
        if (new String(bytes, 0, body, StandardCharsets.US_ASCII).toLowerCase().contains("chunked")) {
            throw new IllegalStateException("the load reads no chunks");
        }
        return 0;
    }

    private boolean named(int line, int end) {
        if (line + LENGTH.length >= end) {
            return false;
        }
        for (int at = 0; at < LENGTH.length; at++) {
            if ((bytes[line + at] | 0x20) != (LENGTH[at] | 0x20)) {
                return false;
            }
        }
        return true;
    }
}
