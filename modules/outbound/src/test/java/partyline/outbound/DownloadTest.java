package partyline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.outbound.Download.Outcome.Failed.Why;

/// Files from addresses that users name.
class DownloadTest {

    private static final Duration AMPLE = Duration.ofSeconds(10);

    private final Outbound outbound = new Outbound(List.of("127.0.0.0/8"), "Partyline/test");
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void close() {
        end.countDown();
        outbound.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void a_file_arrives_whole_with_what_it_is_said_to_be() throws Exception {
        byte[] file = new byte[300_000];
        file[299_999] = 9;
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file);
            exchange.close();
        });

        assertThat(get(file.length, AMPLE))
                .isEqualTo(new Download.Outcome.Complete(Optional.of("image/png"), Optional.empty()));
        assertThat(sink.toByteArray()).isEqualTo(file);
    }

    @Test
    void a_file_that_is_too_large_is_not_taken_whether_it_says_so_or_not() throws Exception {
        serve(exchange -> {
            boolean says = exchange.getRequestURI().getPath().endsWith("says");
            exchange.sendResponseHeaders(200, says ? 1_001 : 0);
            exchange.getResponseBody().write(new byte[1_001]);
            exchange.close();
        });

        assertThat(why(get("/says", 1_000, AMPLE))).isEqualTo(Why.TOO_LARGE);
        assertThat(sink.size()).isZero();
        assertThat(why(get("/", 1_000, AMPLE))).isEqualTo(Why.TOO_LARGE);
        assertThat(sink.size()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void a_file_that_does_not_come_in_time_is_cut() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            body.write(1);
            body.flush();
            await();
        });

        assertThat(why(get(1_000, Duration.ofMillis(300)))).isEqualTo(Why.TOO_SLOW);
    }

    @Test
    void a_file_that_breaks_off_is_none() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 500);
            exchange.getResponseBody().write(new byte[100]);
            exchange.getResponseBody().flush();
            exchange.close();
        });

        assertThat(why(get(1_000, AMPLE))).isEqualTo(Why.NO_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_told_and_not_followed(int status) throws Exception {
        answer(status, "Location", "/else");

        assertThat(get(1_000, AMPLE)).isEqualTo(new Download.Outcome.Elsewhere(url("/else")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://[", "http://exa mple/"})
    void a_redirect_to_nowhere_is_an_answer_that_says_no(String location) throws Exception {
        answer(302, location.isEmpty() ? "X-Nothing" : "Location", location);

        assertThat(why(get(1_000, AMPLE))).isEqualTo(Why.NOT_GIVEN);
    }

    @ParameterizedTest
    @CsvSource({
        "404, NO_ANSWER",
        "408, NO_ANSWER",
        "425, NO_ANSWER",
        "429, NO_ANSWER",
        "500, NO_ANSWER",
        "503, NO_ANSWER",
        "204, NOT_GIVEN",
        "400, NOT_GIVEN",
        "401, NOT_GIVEN",
        "403, NOT_GIVEN",
        "410, NOT_GIVEN"
    })
    void an_answer_without_a_file_says_whether_it_is_worth_coming_again(int status, Why why) throws Exception {
        answer(status, "X-Nothing", "");

        assertThat(get(1_000, AMPLE)).isEqualTo(new Download.Outcome.Failed(why, "the answer was status " + status));
    }

    @Test
    void a_file_that_a_store_keeps_packed_arrives_unpacked_and_within_the_same_bound() throws Exception {
        byte[] file = new byte[50_000];
        file[49_999] = 9;
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(file);
        }
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
            exchange.close();
        });

        assertThat(get(49_999, AMPLE)).isInstanceOf(Download.Outcome.Failed.class);
        sink.reset();
        assertThat(get(50_000, AMPLE)).isInstanceOf(Download.Outcome.Complete.class);
        assertThat(sink.toByteArray()).isEqualTo(file);
    }

    @Test
    void a_file_in_an_encoding_that_we_cannot_undo_is_refused() throws Exception {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "br");
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[3]);
            exchange.close();
        });

        assertThat(why(get(1_000, AMPLE))).isEqualTo(Why.NOT_GIVEN);
        assertThat(sink.size()).isZero();
    }

    @Test
    void what_may_not_be_called_is_not() throws Exception {
        serve(exchange -> exchange.sendResponseHeaders(200, -1));

        for (String url : List.of(url("/"), "http://10.0.0.1/", "file:///etc/passwd", "https://169.254.169.254/")) {
            assertThat(why(outbound.download(new Download(url, false, 10, AMPLE), sink)))
                    .as(url)
                    .isEqualTo(Why.REFUSED);
        }
    }

    private Download.Outcome get(long largest, Duration patience) throws InterruptedException {
        return get("/", largest, patience);
    }

    private Download.Outcome get(String path, long largest, Duration patience) throws InterruptedException {
        return outbound.download(new Download(url(path), true, largest, patience), sink);
    }

    private static Why why(Download.Outcome downloaded) {
        return ((Download.Outcome.Failed) downloaded).why();
    }

    private void answer(int status, String header, String value) {
        serve(exchange -> {
            exchange.getResponseHeaders().set(header, value);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    private void serve(HttpHandler handler) {
        server.createContext("/", handler);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
