package partyline.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundTest {

    private static final Duration DEADLINE = Duration.ofMillis(400);

    private static final List<String> LOOPBACK = List.of("127.0.0.0/8");

    private final Outbound outbound = new Outbound(LOOPBACK, "Partyline/test");
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
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
    void sends_the_bytes_and_headers_as_they_are_and_tells_the_answer() throws Exception {
        var seen = new ConcurrentHashMap<String, String>();
        serve(exchange -> {
            seen.put("body", new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.getRequestHeaders().forEach((name, values) -> seen.put(name, values.getFirst()));
            exchange.getResponseHeaders().add("Retry-After", "7");
            answer(exchange, 503, "später".getBytes(UTF_8));
        });

        Exchange exchange = outbound.post(new Request(
                url(),
                true,
                Map.of("Content-Type", "application/json", "X-Test", "1"),
                "{\"word\":\"grüß\"}".getBytes(UTF_8)));

        assertThat(exchange).isInstanceOfSatisfying(Exchange.Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.success()).isFalse();
            assertThat(answer.headers()).isEqualTo(Map.of("retry-after", "7"));
            assertThat(answer.body()).isEqualTo("später");
            assertThat(answer.took()).isPositive();
        });
        assertThat(seen)
                .containsEntry("body", "{\"word\":\"grüß\"}")
                .containsEntry("User-agent", "Partyline/test")
                .containsEntry("Content-type", "application/json")
                .containsEntry("X-test", "1");
    }

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() throws Exception {
        var followed = new AtomicInteger();
        server.createContext("/elsewhere", exchange -> {
            followed.incrementAndGet();
            answer(exchange, 200, new byte[0]);
        });
        serve(exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            answer(exchange, 307, new byte[0]);
        });

        assertThat(status(outbound.post(request(url())))).isEqualTo(307);
        assertThat(followed).hasValue(0);
    }

    @Test
    void an_answer_without_a_body_is_an_answer() throws Exception {
        serve(exchange -> exchange.sendResponseHeaders(204, -1));

        assertThat(status(outbound.post(request(url())))).isEqualTo(204);
    }

    @Test
    void a_connection_is_used_again() throws Exception {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        serve(exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            answer(exchange, 200, "ok".getBytes(UTF_8));
        });

        outbound.post(request(url()));
        outbound.post(request(url()));

        assertThat(ports).hasSize(1);
    }

    @Test
    void a_body_that_never_ends_in_time_is_cut_at_the_deadline() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            ended(Duration.ofMinutes(1));
        });

        try (var hasty = new Outbound(LOOPBACK, "Partyline/test", InetAddress::getAllByName, DEADLINE)) {
            assertThat(detail(hasty.post(request(url())))).isEqualTo("no complete answer within 400 ms");
        }
    }

    @Test
    void a_receiver_that_drips_bytes_for_ever_is_cut_at_the_deadline() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (!ended(Duration.ofMillis(20))) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
            }
        });

        try (var hasty = new Outbound(LOOPBACK, "Partyline/test", InetAddress::getAllByName, DEADLINE)) {
            assertThat(detail(hasty.post(request(url())))).isEqualTo("no complete answer within 400 ms");
        }
    }

    @Test
    void a_name_server_that_keeps_silent_is_waited_for_until_the_deadline() throws Exception {
        try (var hasty = new Outbound(LOOPBACK, "Partyline/test", this::neverFound, DEADLINE)) {
            String said = onVirtualThread(() -> {
                Exchange exchange = hasty.post(request("http://silent.example/"));
                assertThat(Thread.interrupted()).as("the thread is as it was").isFalse();
                return detail(exchange);
            });

            assertThat(said).isEqualTo("no complete answer within 400 ms");
        }
    }

    @Test
    void a_connection_that_never_opens_is_waited_for_until_the_deadline() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var hasty = new Outbound(LOOPBACK, "Partyline/test", InetAddress::getAllByName, DEADLINE)) {
            while (connects(crowd, full)) {
                assumeThat(crowd).as("connections that nobody accepts").hasSizeLessThan(64);
            }

            String said =
                    onVirtualThread(() -> detail(hasty.post(request("http://127.0.0.1:" + full.getLocalPort() + "/"))));

            assertThat(said).isEqualTo("no complete answer within 400 ms");
        } finally {
            for (Socket each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void a_caller_that_is_interrupted_gives_up() throws Exception {
        var asked = new CountDownLatch(1);
        serve(_ -> {
            asked.countDown();
            ended(Duration.ofMinutes(1));
        });
        var call = new FutureTask<>(() -> outbound.post(request(url())));
        Thread caller = Thread.startVirtualThread(call);
        asked.await();

        caller.interrupt();

        assertThatThrownBy(call::get).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void a_large_body_is_read_in_part_and_kept_in_less() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = "a".repeat(1_024).getBytes(UTF_8);
            while (end.getCount() > 0) {
                exchange.getResponseBody().write(chunk);
            }
        });

        Exchange exchange = outbound.post(request(url()));

        assertThat(exchange).isInstanceOfSatisfying(Exchange.Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("a".repeat(4_096));
        });
    }

    @Test
    void a_refused_connection_is_no_answer() throws Exception {
        String closed = url();
        server.stop(0);

        assertThat(detail(outbound.post(request(closed)))).isEqualTo("the connection was refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "220 mail.example ESMTP\r\n\r\n"})
    void an_answer_that_is_cut_or_not_http_is_no_answer(String said) throws Exception {
        try (var raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            threads.submit(() -> {
                try (Socket socket = raw.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream().write(said.getBytes(UTF_8));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
                return true;
            });

            Exchange exchange = outbound.post(request("http://127.0.0.1:" + raw.getLocalPort() + "/"));

            assertThat(exchange).isInstanceOf(Exchange.NoAnswer.class);
        }
    }

    private InetAddress[] neverFound(String host) throws UnknownHostException {
        ended(Duration.ofMinutes(1));
        throw new UnknownHostException(host);
    }

    private static boolean connects(List<Socket> crowd, ServerSocket server) throws IOException {
        Socket socket = new Socket();
        crowd.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), 100);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static <T> T onVirtualThread(Callable<T> work) throws Exception {
        var task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task.get();
    }

    /// Whether the test ended within `patience`.
    private boolean ended(Duration patience) {
        try {
            return end.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void serve(HttpHandler handler) {
        server.createContext("/", handler);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    private static Request request(String url) {
        return new Request(url, true, Map.of("Content-Type", "application/json"), "{}".getBytes(UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static int status(Exchange exchange) {
        return exchange instanceof Exchange.Answered answer ? answer.status() : -1;
    }

    private static String detail(Exchange exchange) {
        return exchange instanceof Exchange.NoAnswer none ? none.detail() : exchange.toString();
    }
}
