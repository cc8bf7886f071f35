package partyline.webhooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import partyline.kernel.Json;

/// A receiver that speaks to the bare socket, so that it can misbehave in every way; it answers well when
/// told nothing.
final class OddReceiver implements AutoCloseable {

    /// What it does with one request.
    enum Manner {
        WELL,
        /// Answers well and hangs up without having said so.
        WELL_AND_HANG_UP,
        FAIL,
        GONE,
        REDIRECT,
        BUSY_FOR_TEN_MINUTES,
        /// Cuts the connection.
        RESET,
        /// Says nothing until it is told to go on, then cuts.
        HANG,
        /// Sends half of a good answer, and the rest when told to go on.
        SLOWLY,
        /// Promises more bytes than it sends.
        LIE
    }

    private static final String GOOD = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Manner> manners = new ConcurrentLinkedQueue<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile Manner usual = Manner.WELL;

    OddReceiver() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/hook";
    }

    /// The next requests are treated like this.
    OddReceiver first(Manner... next) {
        manners.addAll(List.of(next));
        return this;
    }

    /// All requests are treated like this from now on.
    OddReceiver always(Manner manner) {
        usual = manner;
        return this;
    }

    /// Whoever hangs goes on.
    void goOn() {
        gate.countDown();
    }

    /// The event of every request, in the order they came.
    List<String> seen() {
        return List.copyOf(seen);
    }

    /// The events that were answered well.
    List<String> taken() {
        return List.copyOf(taken);
    }

    @Override
    public void close() throws IOException {
        goOn();
        server.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String event = event(socket.getInputStream());
            Manner manner = manners.poll();
            seen.add(event);
            answer(socket, manner == null ? usual : manner, event);
        } catch (IOException | InterruptedException e) {
            // The caller went away.
        }
    }

    private void answer(Socket socket, Manner manner, String event) throws IOException, InterruptedException {
        switch (manner) {
            case WELL -> take(socket, event, GOOD + "ok");
            case WELL_AND_HANG_UP -> take(socket, event, GOOD.replace("Connection: close\r\n", "") + "ok");
            case SLOWLY -> {
                say(socket, GOOD + "o");
                gate.await();
                take(socket, event, "k");
            }
            case FAIL -> say(socket, "HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            case GONE -> say(socket, "HTTP/1.1 410 Gone\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            case REDIRECT ->
                say(
                        socket,
                        "HTTP/1.1 302 Found\r\nLocation: " + url()
                                + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            case BUSY_FOR_TEN_MINUTES ->
                say(socket, "HTTP/1.1 429 Busy\r\nRetry-After: 600\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            case RESET -> socket.setSoLinger(true, 0);
            case HANG -> gate.await();
            case LIE -> say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nok");
        }
    }

    /// Noted first: whoever has the answer may ask at once what was taken.
    private void take(Socket socket, String event, String end) throws IOException {
        taken.add(event);
        say(socket, end);
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String event(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        String length = head.toString().replaceFirst("(?is).*content-length: *([0-9]+).*", "$1");
        String body = new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
        return Json.read(body).path("id").stringValue();
    }
}
