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
                "http://example.com/          | must start with https://",
                "http://8.8.8.8/              | must start with https://",
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
                "https://10.0.0.1/            | must not point to a private or reserved address",
                "http://10.0.0.1/             | must not point to a private or reserved address",
                "https://169.254.169.254/     | must not point to a private or reserved address",
                "https://[::ffff:10.0.0.1]/   | must not point to a private or reserved address",
                "https://0.0.0.0/             | must not point to a private or reserved address",
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
