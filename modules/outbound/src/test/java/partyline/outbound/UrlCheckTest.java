package partyline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlCheckTest {

    private final UrlCheck urls = new UrlCheck(Networks.parse(List.of("127.0.0.0/8", "::1/128")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/hook?a=b#c",
                "HTTPS://EXAMPLE.COM",
                "https://example.com:8443/",
                "https://8.8.8.8/",
                "https://[2606:4700::1111]/",
                "https://1.example.com/"
            })
    void https_to_a_public_place_is_for_everybody(String url) {
        assertThat(urls.refusal(url, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080/hook",
                "http://127.0.0.1:1/hook",
                "http://[::1]:1/hook",
                "https://localhost/",
                "https://127.0.0.1/"
            })
    void loopback_is_for_the_operator_alone(String url) {
        assertThat(urls.refusal(url, true)).isEmpty();
        assertThat(urls.refusal(url, false)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "http://8.8.8.8/              | must start with https://; plain http is for networks that outbound.allow opens",
                "ftp://example.com/           | must start with https://",
                "/hook                        | must start with https://",
                "mailto:a@example.com         | must start with https://",
                "https:///hook                | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets",
                "https://exa mple.com/        | must be an absolute URL such as https://example.com/hook",
                "https://[::1/                | must be an absolute URL such as https://example.com/hook",
                "https://me:secret@a.example/ | must not carry a user name or password",
                "https://me@a.example/        | must not carry a user name or password",
                "https://a.example:0/         | must name a port from 1 to 65535 or none",
                "https://a.example:65536/     | must name a port from 1 to 65535 or none",
                "https://10.0.0.1/            | must not point to a private or reserved address that outbound.allow does not open",
                "http://10.0.0.1/             | must not point to a private or reserved address that outbound.allow does not open",
                "https://169.254.169.254/     | must not point to a private or reserved address that outbound.allow does not open",
                "https://[::ffff:10.0.0.1]/   | must not point to a private or reserved address that outbound.allow does not open",
                "https://0.0.0.0/             | must not point to a private or reserved address that outbound.allow does not open",
                "https://2130706433/          | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets",
                "https://0x7f000001/          | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets",
                "https://127.1/               | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets",
                "https://0177.0.0.1/          | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets",
                "https://127.0.0.1./          | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets",
                "https://256.0.0.1/           | must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets"
            })
    void everything_else_is_refused_with_a_reason_even_to_the_operator(String url, String reason) {
        assertThat(urls.refusal(url, true)).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://agent:3000/hook",
                "http://my_agent:3000/hook",
                "http://host.docker.internal:3000/hook",
                "http://my_agent.internal/"
            })
    void the_operator_may_try_any_name_over_plain_http_and_nobody_else(String url) {
        assertThat(urls.refusal(url, true)).isEmpty();
        assertThat(urls.refusal(url, false)).contains("must start with https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://my_agent:0/", "http://my_agent:65536/", "http://my_agent:/", "http://a_b..c/"})
    void a_name_with_an_underscore_is_read_as_strictly_as_any_other(String url) {
        assertThat(urls.refusal(url, true)).isPresent();
    }

    @Test
    void a_refusal_of_plain_http_tells_the_operator_where_to_open_it() {
        UrlCheck closed = new UrlCheck(Networks.parse(List.of()));

        assertThat(closed.refusal("http://agent:3000/hook", true).orElseThrow()).contains("outbound.allow");
        assertThat(urls.refusal("http://10.0.0.1/", true).orElseThrow()).contains("outbound.allow");
        assertThat(urls.refusal("http://10.0.0.1/", false).orElseThrow()).doesNotContain("outbound.allow");
    }

    @Test
    void a_url_of_more_than_2048_characters_is_refused() {
        String longest = "https://example.com/" + "x".repeat(2_028);

        assertThat(urls.refusal(longest, false)).isEmpty();
        assertThat(urls.refusal(longest + "x", false)).contains("must have at most 2048 characters");
    }

    @Test
    void without_an_allowed_network_localhost_is_closed_to_the_operator_too() {
        UrlCheck closed = new UrlCheck(Networks.parse(List.of()));

        assertThat(closed.refusal("http://localhost/", true)).isPresent();
    }
}
