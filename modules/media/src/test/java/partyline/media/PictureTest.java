package partyline.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTest {

    private static final String PNG = "89504E470D0A1A0A 0000000D 49484452 00000140 000000F0 08060000000000000049454E44";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a plain one, FFD8 FFE00010 4A46494600010100000100010000 FFC0 0011 08 00F0 0140 03",
        "a progressive one, FFD8 FFC2 0011 08 00F0 0140 03",
        "tables before the frame, FFD8 FFDB 0004 0000 FFC4 0003 00 FFC0 0011 08 00F0 0140 03",
        "fill bytes before a marker, FFD8 FFFFFFE1 0002 FFFFC1 0011 08 00F0 0140 03",
        "a frame within a segment is none, FFD8 FFE1 0009 FFC000FFFFFFFF FFC0 0011 08 00F0 0140 03"
    })
    void a_jpeg_says_its_size_in_the_frame(String name, String hex) throws IOException {
        assertThat(read(hex)).contains(new Picture("image/jpeg", 320, 240));
    }

    @Test
    void a_png_says_its_size_in_its_header() throws IOException {
        assertThat(read(PNG)).contains(new Picture("image/png", 320, 240));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing, ''",
        "one byte, 89",
        "a GIF, 474946383961 4001 F000 F70000",
        "a web page, 3C68746D6C3E3C736372697074",
        "a PNG that breaks off, 89504E470D0A1A0A 0000000D 49484452 00000140 0000",
        "a PNG without a header, 89504E470D0A1A0A 0000000D 49444154 00000140 000000F0",
        "a PNG with a longer header, 89504E470D0A1A0A 0000000E 49484452 00000140 000000F0",
        "a PNG of no width, 89504E470D0A1A0A 0000000D 49484452 00000000 000000F0",
        "a PNG of more than two thousand million, 89504E470D0A1A0A 0000000D 49484452 80000000 000000F0",
        "a JPEG that breaks off, FFD8 FFE00010 4A46",
        "a JPEG that says its height later, FFD8 FFC0 0011 08 0000 0140 03",
        "a JPEG without a frame, FFD8 FFDB 0004 0000 FFDA 0008 01",
        "a JPEG that ends at once, FFD8 FFD9 0000",
        "a segment of no length, FFD8 FFE0 0001 FFC0 0011 08 00F0 0140 03",
        "no marker where one must be, FFD8 00E0 0002 FFC0 0011 08 00F0 0140 03"
    })
    void anything_else_is_no_picture(String name, String hex) throws IOException {
        assertThat(read(hex)).isEmpty();
    }

    @Test
    void whatever_follows_a_good_beginning_is_read_to_an_end() throws IOException {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] odd = new byte[2_000];
            random.nextBytes(odd);
            byte[] start = HexFormat.of().parseHex(seed % 2 == 0 ? "FFD8FF" : "89504E470D0A1A0A0000000D49484452");
            System.arraycopy(start, 0, odd, 0, start.length);

            Optional<Picture> found = Picture.read(new ByteArrayInputStream(odd));

            assertThat(found.stream()).as("seed %d", seed).allMatch(it -> it.width() > 0 && it.height() > 0);
        }
    }

    private static Optional<Picture> read(String hex) throws IOException {
        return Picture.read(new ByteArrayInputStream(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }
}
