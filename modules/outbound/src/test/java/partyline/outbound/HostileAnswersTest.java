package partyline.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers without end, connections that end early, and a client that broke, over bare sockets.
class HostileAnswersTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String LENGTH_2 = OK + "Content-Length: 2\r\n\r\nok";
    private static final long FAR_TOO_MUCH = 64L << 20;

    /// What to do with one connection.
    @FunctionalInterface
    private interface Manner {

        void serve(InputStream in, OutputStream out) throws IOException;
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger errorsToThrow = new AtomicInteger();
    private final Outbound outbound =
            new Outbound(List.of("127.0.0.0/8"), "Partyline/test", this::resolve, Duration.ofSeconds(60));
    private ServerSocket server;
    private volatile Manner manner = (_, out) -> say(out, LENGTH_2);

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    @AfterEach
    void close() throws IOException {
        outbound.close();
        server.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headers without end          | HTTP/1.1 200 OK~                              | X-A: aaaaaaaaaaaaaaaa~",
                "early hints without end      | HTTP/1.1 103 Early Hints~~                    | HTTP/1.1 103 Early Hints~Link: x~~",
                "a header line without end    | HTTP/1.1 200 OK~X-A:                          | aaaaaaaaaaaaaaaa",
                "a status line without end    | HTTP/1.1 200 OK                               | aaaaaaaaaaaaaaaa",
                "a folded header without end  | HTTP/1.1 200 OK~X-A: a~                       | ' aaaaaaaaaaaaaaaaaa~'",
                "trailers without end         | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~ | X-A: aaaaaaaaaaaaaaa~",
                "a trailer line without end   | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~X-A: | aaaaaaaaaaaaaaaaaaaa",
                "an extension without end     | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1; | aaaaaaaaaaaaaaaaaaaa"
            })
    void an_answer_that_brings_too_much_is_cut_soon(String what, String start, String again) throws Exception {
        manner = (_, out) -> {
            say(out, start.replace("~", "\r\n"));
            endlessly(out, again.replace("~", "\r\n"));
        };

        assertThat(detail(post())).as(what).contains("too large: at most 100 headers, and 8192 bytes a line");
        assertThat(sent).as(what).hasValueLessThan(FAR_TOO_MUCH);
        good();
    }

    @Test
    void a_hundred_headers_of_half_a_kilobyte_are_an_answer_like_any_other() throws Exception {
        String header = "X-A: " + "a".repeat(600) + "\r\n";
        manner = (_, out) -> say(out, OK + header.repeat(99) + "Content-Length: 2\r\n\r\nok");

        assertThat(status(post())).isEqualTo(200);

        manner = (_, out) -> say(out, OK + "X-A: a\r\n".repeat(100) + "Content-Length: 2\r\n\r\nok");
        assertThat(detail(post())).contains("too large");
    }

    @Test
    void headers_that_are_each_within_the_bounds_and_together_too_large_are_cut() throws Exception {
        String header = "X-A: " + "a".repeat(8_000) + "\r\n";
        manner = (_, out) -> say(out, OK + header.repeat(9) + "Content-Length: 2\r\n\r\nok");

        assertThat(detail(post())).contains("too large").contains("65536 in all");

        manner = (_, out) -> say(out, CHUNKED + "2\r\nok\r\n0\r\n" + header.repeat(9) + "\r\n");
        assertThat(detail(post())).contains("too large");
    }

    @Test
    void chunks_of_one_byte_with_long_extensions_are_read_to_a_bound() throws Exception {
        manner = (_, out) -> {
            say(out, CHUNKED);
            endlessly(out, "1;" + "a".repeat(200) + "\r\nx\r\n");
        };

        assertThat(status(post())).isEqualTo(200);
        assertThat(sent).hasValueLessThan(FAR_TOO_MUCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"early hints without end | HTTP/1.1 103 Early Hints~Link: x~~", "a drip of headers | D"})
    void an_answer_that_never_begins_is_cut_at_the_deadline(String what, String again) throws Exception {
        manner = (_, out) -> {
            if (again.equals("D")) {
                say(out, OK);
            }
            endlessly(out, again.replace("~", "\r\n"));
        };

        try (var hasty = new Outbound(
                List.of("127.0.0.0/8"), "Partyline/test", InetAddress::getAllByName, Duration.ofMillis(300))) {
            String detail = detail(hasty.post(request()));

            assertThat(detail).as(what).containsAnyOf("no complete answer within 300 ms", "too large");
        }
        good();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a continue first     | HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 2~~ok",
                "a 102 first          | HTTP/1.1 102 Processing~~HTTP/1.1 200 OK~Content-Length: 2~~ok",
                "early hints first    | HTTP/1.1 103 Early Hints~Link: x~~HTTP/1.1 200 OK~Content-Length: 2~~ok",
                "a 204 with a body    | HTTP/1.1 204 No Content~Content-Length: 2~~ok",
                "HTTP/1.0             | HTTP/1.0 200 OK~~ok"
            })
    void odd_but_honest_answers_count_as_success(String what, String answer) throws Exception {
        manner = (_, out) -> say(out, answer.replace("~", "\r\n"));

        assertThat(status(post())).as(what).isBetween(200, 204);
        assertThat(status(post())).as(what + ", again").isBetween(200, 204);
    }

    @Test
    void bare_line_feeds_are_read() throws Exception {
        manner = (_, out) -> say(out, "HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

        assertThat(status(post())).isEqualTo(200);
    }

    @Test
    void a_receiver_that_hangs_up_after_its_answer_gets_the_next_request_on_a_new_connection() throws Exception {
        manner = (_, out) -> say(out, LENGTH_2);

        for (int call = 1; call <= 12; call++) {
            assertThat(status(post())).as("call " + call).isEqualTo(200);
        }

        assertThat(requests).as("each arrived once").hasSize(12);
        assertThat(connections).hasValueGreaterThanOrEqualTo(12);
    }

    @Test
    void a_request_that_was_read_on_a_used_connection_and_not_answered_is_repeated_as_it_was() throws Exception {
        manner = (in, out) -> {
            say(out, LENGTH_2);
            read(in);
        };

        assertThat(status(post())).isEqualTo(200);
        assertThat(status(post())).isEqualTo(200);

        List<String> seen = List.copyOf(requests);
        assertThat(seen).hasSize(3);
        assertThat(seen.get(2)).isEqualTo(seen.get(1));
        assertThat(connections).hasValue(2);
    }

    @Test
    void a_request_on_a_fresh_connection_is_never_repeated() throws Exception {
        manner = (_, _) -> {};

        assertThat(detail(post())).isEqualTo("the connection was closed without an answer");
        assertThat(connections).hasValue(1);
    }

    @Test
    void an_answer_that_has_begun_is_never_asked_for_again() throws Exception {
        manner = (in, out) -> {
            say(out, LENGTH_2);
            read(in);
            say(out, "HTTP/1.1 2");
        };

        assertThat(status(post())).isEqualTo(200);
        assertThat(post()).isInstanceOf(Exchange.NoAnswer.class);
        assertThat(connections).hasValue(1);
    }

    @Test
    void a_file_comes_over_a_new_connection_when_the_old_one_has_ended() throws Exception {
        for (int call = 1; call <= 5; call++) {
            var sink = new ByteArrayOutputStream();

            Download.Outcome file =
                    outbound.download(new Download(url("ö.png"), true, 10, Duration.ofSeconds(60)), sink);

            assertThat(file).isInstanceOf(Download.Outcome.Complete.class);
            assertThat(sink.toString(ISO_8859_1)).isEqualTo("ok");
        }
        assertThat(requests).allMatch(head -> head.startsWith("GET /%C3%B6.png HTTP/1.1"));
    }

    @Test
    void a_client_that_ended_in_an_error_is_replaced_for_the_next_call() throws Exception {
        errorsToThrow.set(1);

        assertThat(failure()).hasRootCauseInstanceOf(OutOfMemoryError.class);

        good();
        assertThat(status(post())).isEqualTo(200);
    }

    @Test
    void an_answer_from_an_address_inside_says_so() throws Exception {
        assertThat(post())
                .isInstanceOfSatisfying(
                        Exchange.Answered.class,
                        answer -> assertThat(answer.inside()).isTrue());
    }

    private Throwable failure() {
        try {
            return new AssertionError("no failure but " + post());
        } catch (Exception e) {
            return e;
        }
    }

    private void good() throws InterruptedException {
        manner = (_, out) -> say(out, LENGTH_2);
        assertThat(status(post())).as("a good receiver afterwards").isEqualTo(200);
    }

    private InetAddress[] resolve(String host) {
        if (errorsToThrow.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new OutOfMemoryError("as if");
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /// One request, as the manner of the moment wants it; the rest of that connection is the manner's own.
    private void serve(Socket socket) {
        Manner now = manner;
        try (socket) {
            read(socket.getInputStream());
            now.serve(socket.getInputStream(), socket.getOutputStream());
            socket.shutdownOutput();
            drain(socket);
        } catch (IOException e) {
            // The caller had enough.
        }
    }

    /// A connection with unread bytes is reset when it is closed, and with it what was said.
    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            // The other side stays on the line.
        }
    }

    private void read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        if (head.indexOf("POST") == 0) {
            in.readNBytes(2);
        }
        requests.add(head.toString());
    }

    private void endlessly(OutputStream out, String text) throws IOException {
        byte[] block = text.repeat(1 + 4_096 / text.length()).getBytes(ISO_8859_1);
        while (!threads.isShutdown() && sent.get() < 2 * FAR_TOO_MUCH) {
            out.write(block);
            sent.addAndGet(block.length);
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private Exchange post() throws InterruptedException {
        return outbound.post(request());
    }

    private Request request() {
        return new Request(url("hook"), true, Map.of("X-Request", "1"), "{}".getBytes(ISO_8859_1));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + "/" + path;
    }

    private static int status(Exchange exchange) {
        return exchange instanceof Exchange.Answered answer ? answer.status() : -1;
    }

    private static String detail(Exchange exchange) {
        return exchange instanceof Exchange.NoAnswer none ? none.detail() : exchange.toString();
    }
}
