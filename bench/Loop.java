import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// One thread that serves every connection of the load and of those that the server calls: what both cost
/// is taken from the processors of what is measured, and a thread for each connection costs twice as much.
/// Thread-safe.
final class Loop implements AutoCloseable {

    private final Selector selector = Selector.open();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private final Thread thread = Thread.ofPlatform().name("loop").daemon().start(this::run);
    private volatile boolean closed;

    Loop() throws IOException {}

    /// Calls `task` on the loop's thread, where alone links may be used.
    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /// Accepts connections at the port that is returned, and tells `reader` of the requests that come over
    /// them.
    int listen(Link.Reader reader) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.configureBlocking(false);
        Runnable accept = () -> accept(server, reader);
        execute(() -> register(server, SelectionKey.OP_ACCEPT, accept));
        return server.socket().getLocalPort();
    }

    /// A connection to a server on this machine; `reader` is told of its answers.
    Link connect(int port, Link.Reader reader) {
        try {
            return open(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), reader);
        } catch (IOException e) {
            throw new UncheckedIOException("nobody listens at port " + port, e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
    }

    /// A buffer for the moment, of the loop's thread.
    ByteBuffer buffer() {
        return buffer.clear();
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(key -> ((Runnable) key.attachment()).run());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the load broke", e);
        }
    }

    private void accept(ServerSocketChannel server, Link.Reader reader) {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                open(channel, reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the receiver broke", e);
        }
    }

    private Link open(SocketChannel channel, Link.Reader reader) throws IOException {
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        Link link = new Link(this, channel, reader);
        execute(() -> register(channel, SelectionKey.OP_READ, link::readable));
        return link;
    }

    private void register(SelectableChannel channel, int operations, Runnable ready) {
        try {
            channel.register(selector, operations, ready);
        } catch (IOException e) {
            throw new UncheckedIOException("a connection broke", e);
        }
    }
}
