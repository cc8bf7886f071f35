package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photo.jpg",
                "Ünal & Söhne (2).pdf",
                "写真.heic",
                "IMG 0001.HEIC",
                "a-b_c~d.tar.gz",
                "👩‍💻.png",
                "نامه‌ها.pdf"
            })
    void a_good_name_stays_as_it_is(String name) {
        assertThat(FileName.clean(name)).contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "../../server.key, server.key",
        "'C:\\Users\\ann\\cat.png', cat.png",
        "'a\r\nX-Evil: 1.png', a X-Evil_ 1.png",
        "'invoice\u202Egnp.exe', invoicegnp.exe",
        "'\u2066x\u2069.png', x.png",
        "'a\u0000b.png', a b.png",
        "'  .hidden. ', hidden",
        "'what?*.txt', what__.txt",
        "%2e%2e%2Fserver.key, _2e_2e_2Fserver.key",
        "50% off.pdf, 50% off.pdf",
        "'Fo\uFFFD.png', Fo_.png",
        "'Fo\u0308.png', F\u00F6.png",
        "CON, _CON",
        "'C:\\nul.tar.gz', _nul.tar.gz",
        "'com1 .txt', _com1 .txt",
        "console.txt, console.txt",
    })
    void what_is_dangerous_in_a_name_is_left_out(String told, String kept) {
        assertThat(FileName.clean(told)).contains(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "/", "a/", " \u202E ", "\n"})
    void what_has_nothing_in_it_is_no_name(String told) {
        assertThat(FileName.clean(told)).isEmpty();
    }

    @Test
    void a_long_name_keeps_its_ending_and_never_half_a_letter() {
        String name = FileName.clean("😀".repeat(300) + ".jpeg").orElseThrow();

        assertThat(name).endsWith("😀.jpeg");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(FileName.LONGEST);
        assertThat(FileName.clean("a" + ".".repeat(9) + "b".repeat(5_000)).orElseThrow())
                .hasSize(FileName.LONGEST);
        assertThat(FileName.clean("b".repeat(FileName.LONGEST - 1) + "." + "b".repeat(50)))
                .contains("b".repeat(FileName.LONGEST - 1));
    }

    /// A pattern that tried each dot anew would take minutes here, one that remembered each letter no end of memory.
    @Test
    @Timeout(30)
    void names_of_any_length_are_soon_read_whoever_makes_them_up() {
        String dots = "a" + ".".repeat(200_000) + "b";
        String marks = "; filename=\"" + "\\\"a".repeat(100_000);

        assertThat(FileName.clean(dots).orElseThrow()).isEqualTo("a.b");
        assertThat(FileName.ofHeader("attachment; filename=\"" + dots + "\"")).contains("a.b");
        assertThat(FileName.ofHeader(marks)).isPresent();
        assertThat(FileName.ofHeader(marks + "\"").orElseThrow()).hasSize(FileName.LONGEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attachment; filename=\"cat.png\" | cat.png",
                "inline;FileName = cat.png | cat.png",
                "attachment; filename=\"a \\\"b\\\".png\" | a _b_.png",
                "attachment; filename=\"x.png\"; filename*=UTF-8''%E5%86%99%E7%9C%9F+1.png | 写真+1.png",
                "attachment; filename*=utf-8'en'..%2F..%2Fcat.png | cat.png",
                "form-data; name=\"file\"; filename*=\"UTF-8''%E7%8C%AB.png\" | 猫.png",
            })
    void a_header_tells_a_name(String header, String name) {
        assertThat(FileName.ofHeader(header)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attachment",
                "attachment; filename=\"\"",
                "attachment; filename*=UTF-8''%zz",
                "inline; name=\"cat.png\""
            })
    void a_header_without_a_name_tells_none(String header) {
        assertThat(FileName.ofHeader(header)).isEmpty();
    }

    @Test
    void a_name_goes_through_a_header_and_back() {
        String name = "Ünal's 50% \"写真\"; a=b.png".replace("\"", "_");

        String header = FileName.header("inline", "Unal_s.png", name);

        assertThat(header).matches("\\p{ASCII}+").startsWith("inline; filename=\"Unal_s.png\"; filename*=UTF-8''");
        assertThat(FileName.ofHeader(header)).contains(name);
        assertThat(FileName.header("inline", "a.png", "a.png")).isEqualTo("inline; filename=\"a.png\"");
    }

    @Test
    void an_address_tells_a_name_when_it_ends_like_a_file() {
        assertThat(FileName.ofUrl("https://example.org/a/My%20cat.png?x=y.z")).contains("My cat.png");
        assertThat(FileName.ofUrl("https://example.org/a/..%2Fcat.png")).contains("cat.png");
        assertThat(FileName.ofUrl("https://example.org/media/3")).isEqualTo(Optional.empty());
        assertThat(FileName.ofUrl("https://example.org")).isEmpty();
        assertThat(FileName.ofUrl("no address")).isEmpty();
    }
}
