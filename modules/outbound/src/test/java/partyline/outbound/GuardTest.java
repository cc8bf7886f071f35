package partyline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where calls may go, with a name server of our own and one listening socket on loopback.
class GuardTest {

    private final Outbound outbound =
            new Outbound(List.of("127.0.0.0/8", "::1/128"), "Partyline/test", this::resolve, Duration.ofSeconds(5));
    private final AtomicInteger lookUps = new AtomicInteger();
    private final CountDownLatch connected = new CountDownLatch(1);
    private ServerSocket socket;

    @BeforeEach
    void open() throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    @AfterEach
    void close() throws IOException {
        outbound.close();
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://169.254.169.254/latest/meta-data",
                "https://10.0.0.1/",
                "https://[::ffff:127.0.0.1]/",
                "https://0.0.0.0/",
                "https://localhost/"
            })
    void a_literal_address_that_is_not_public_is_refused_without_connecting(String url) throws Exception {
        assertThat(detail(post(url, false))).isEqualTo("the url must not point to a private or reserved address");
        assertThat(lookUps).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"loopback.example", "private.example", "metadata.example", "mapped.example"})
    void a_name_that_points_to_a_private_address_is_refused_without_connecting(String host) throws Exception {
        assertThat(detail(post(url(host), false)))
                .isEqualTo("the name points to a private or reserved address, which may not be called");
        assertThat(lookUps).hasValue(1);
        assertThat(connected.getCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"private.example", "metadata.example"})
    void the_operator_is_refused_what_it_did_not_allow(String host) throws Exception {
        assertThat(detail(post(url(host), true)))
                .isEqualTo("the name points to a private or reserved address, which may not be called");
    }

    @Test
    void the_operator_may_call_a_name_that_points_to_an_allowed_network() throws Exception {
        Exchange exchange = post(url("loopback.example"), true);

        assertThat(exchange).isInstanceOf(Exchange.NoAnswer.class);
        assertThat(connected.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void the_operator_may_call_a_name_over_plain_http_when_all_its_addresses_are_allowed() throws Exception {
        post(plain("loopback.example"), true);

        assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"both.example", "private.example", "public.example", "metadata.example"})
    void plain_http_never_goes_to_a_name_with_an_address_that_is_not_allowed(String host) throws Exception {
        assertThat(detail(post(plain(host), true))).contains("outbound.allow");
        assertThat(connected.getCount()).isEqualTo(1);
    }

    @Test
    void the_metadata_addresses_of_all_clouds_are_closed_whatever_is_allowed() {
        Networks open = Networks.parse(List.of("0.0.0.0/0", "::/0"));

        assertThat(List.of("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"))
                .noneMatch(address -> open.permits(InetAddress.ofLiteral(address), true));
    }

    @Test
    void of_several_addresses_only_the_permitted_ones_are_tried() throws Exception {
        post(url("both.example"), true);

        assertThat(connected.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_name_that_answers_differently_the_second_time_is_asked_once_per_connection() throws Exception {
        post(url("turning.example"), true);

        assertThat(connected.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(lookUps).as("what was judged is what was called").hasValue(1);
        assertThat(detail(post(url("turning.example"), true)))
                .isEqualTo("the name points to a private or reserved address, which may not be called");
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void an_unknown_name_is_no_answer() throws Exception {
        assertThat(detail(post(url("nobody.example"), false))).isEqualTo("the host name could not be resolved");
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookUps.incrementAndGet();
        return switch (host) {
            case "loopback.example" -> addresses("127.0.0.1");
            case "public.example" -> addresses("8.8.8.8");
            case "private.example" -> addresses("10.0.0.1");
            case "metadata.example" -> addresses("169.254.169.254");
            case "mapped.example" -> addresses("::ffff:127.0.0.1");
            case "turning.example" -> addresses(lookUps.get() == 1 ? "127.0.0.1" : "169.254.169.254");
            case "both.example" -> addresses("169.254.169.254", "127.0.0.1");
            default -> throw new UnknownHostException(host);
        };
    }

    private static InetAddress[] addresses(String... literals) {
        return List.of(literals).stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    private void accept() {
        try {
            socket.accept().close();
            connected.countDown();
        } catch (IOException e) {
            // The test ended and nobody had called.
        }
    }

    private String url(String host) {
        return "https://" + host + ":" + socket.getLocalPort() + "/";
    }

    private String plain(String host) {
        return "http://" + host + ":" + socket.getLocalPort() + "/";
    }

    private Exchange post(String url, boolean operator) throws InterruptedException {
        return outbound.post(new Request(url, operator, Map.of(), new byte[0]));
    }

    private static String detail(Exchange exchange) {
        return exchange instanceof Exchange.NoAnswer none ? none.detail() : exchange.toString();
    }
}
