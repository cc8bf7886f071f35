package partyline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalFormTest {

    private final UrlCheck urls = new UrlCheck(Networks.parse(List.of("127.0.0.0/8")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:9/写真.jpg          | http://127.0.0.1:9/%E5%86%99%E7%9C%9F.jpg",
                "https://a.example/хук?t=ключ         | https://a.example/%D1%85%D1%83%D0%BA?t=%D0%BA%D0%BB%D1%8E%D1%87",
                "https://a.example/ü%C3%BC🌴#ä        | https://a.example/%C3%BC%C3%BC%F0%9F%8C%B4#%C3%A4",
                "https://bücher.example:8443/x        | https://xn--bcher-kva.example:8443/x",
                "https://пример.рф                    | https://xn--e1afmkfd.xn--p1ai",
                "HTTPS://A。ü.example/                | HTTPS://a.xn--tda.example/",
                "https://[2606:4700::1111]/ü          | https://[2606:4700::1111]/%C3%BC"
            })
    void letters_beyond_ascii_are_utf8_in_percents_and_hosts_are_in_ascii(String written, String normal) {
        assertThat(UrlCheck.normal(written)).isEqualToIgnoringCase(normal);
        assertThat(UrlCheck.normal(normal)).as("the form of the form").isEqualTo(normal);
        assertThat(urls.refusal(UrlCheck.normal(written), true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://A.example/%41?b=c%20d#e", "https://a.example//x/../y", "nonsense", ""})
    void what_is_ascii_stays_as_it_is(String url) {
        assertThat(UrlCheck.normal(url)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://faß.example/",
                "https://🌴.example/",
                "https://℀.example/",
                "https://a.example/\u2028x",
                "https://a.example/\u00a0x",
                "https://a.example/\u0085x",
                "https://ü@a.example/"
            })
    void what_could_be_read_in_two_ways_is_refused(String url) {
        assertThat(urls.refusal(UrlCheck.normal(url), true)).isPresent();
    }

    @Test
    void half_a_character_is_refused() {
        String half = "https://a.example/" + Character.toString(0xd83d) + "x";

        assertThat(urls.refusal(UrlCheck.normal(half), true).orElseThrow()).contains("half character");
    }

    @Test
    void digits_of_another_script_are_judged_as_the_address_that_they_spell() {
        assertThat(UrlCheck.normal("https://１０.０.０.１/")).isEqualTo("https://10.0.0.1/");
        assertThat(urls.refusal(UrlCheck.normal("https://１０.０.０.１/"), false))
                .contains("must not point to a private or reserved address");
    }
}
