package partyline.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.FileName;

/// What a file is, from what its answer says, what its line told, its first bytes, and its name. In the tables
/// `~` is a zero byte.
class ContentTypesTest {

    private static final String PNG = "\u0089PNG\r\n\u001a\n";
    private static final String JPEG = "\u00ff\u00d8\u00ff\u00e0";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "application/octet-stream | audio/mp4       | ~~~~ftypmp42 | -         | audio/mp4",
                "-                        | audio/3gpp      | ~~~~ftyp3gp5 | -         | audio/3gpp",
                "-                        | text/vcard      | begin:vcard  | -         | text/vcard",
                "-                        | application/pdf | other        | -         | application/pdf",
                "application/octet-stream | application/pdf | other        | -         | application/pdf",
                "audio/mpeg               | audio/mp4       | other        | -         | audio/mpeg",
                "text/plain               | audio/amr       | ~~~~binary   | -         | audio/amr",
                "text/plain               | -               | ~~~~binary   | song.mp3  | audio/mpeg",
                "text/plain               | -               | ~~~~binary   | -         | application/octet-stream",
                "text/plain               | audio/amr       | plain words  | -         | text/plain",
                "text/plain; charset=utf8 | -               | BEGIN:VCARD  | -         | text/vcard",
                "text/plain               | -               | %PDF-1.7     | -         | application/pdf",
                "video/mp4                | -               | ~~~~ftypM4A_ | -         | audio/mp4",
                "video/mp4                | -               | ~~~~ftypmp42 | -         | video/mp4",
                "-                        | -               | ~~~~ftypmp42 | voice.m4a | audio/mp4",
                "-                        | -               | ~~~~ftypmp42 | film      | video/mp4",
                "-                        | -               | ~~~~ftyp3gp4 | -         | video/3gpp",
                "-                        | -               | OggS         | -         | audio/ogg",
                "-                        | -               | caff         | -         | audio/x-caf",
                "-                        | -               | other        | a.csv     | text/csv",
                "-                        | -               | other        | -         | application/octet-stream",
                "nonsense                 | also nonsense   | other        | -         | application/octet-stream"
            })
    void the_answer_counts_unless_it_says_nothing_then_the_line_then_bytes_and_name(
            @Nullable String answered, @Nullable String told, String bytes, @Nullable String name, String type) {
        assertThat(ContentTypes.of(answered, told, head(bytes), name)).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"image/png", "image/heic", "application/pdf", "text/plain", "application/octet-stream", "x", ""})
    void a_picture_is_what_its_bytes_show_whatever_it_is_called(String said) {
        assertThat(ContentTypes.of(said, said, head(JPEG), "a.pdf")).isEqualTo("image/jpeg");
        assertThat(ContentTypes.of(null, said, head(JPEG), null)).isEqualTo("image/jpeg");
    }

    @ParameterizedTest
    @CsvSource({
        "image/png, application/gzip, 1f8b08",
        "image/png, application/pdf, 255044462d",
        "image/jpeg, audio/ogg, 4f676753",
        "image/heic, image/heic, 00000018667479706d696631",
        "image/avif, image/avif, 00000018667479706d696631",
        "text/html, image/tiff, 49492a00",
        "image/png, image/png, 010203"
    })
    void what_is_no_picture_is_not_called_one(String said, String type, String bytes) {
        assertThat(ContentTypes.of(said, null, java.util.HexFormat.of().parseHex(bytes), null))
                .isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpg, image/jpeg",
        "IMAGE/JPG; q=1, image/jpeg",
        "text/x-vcard, text/vcard",
        "text/directory, text/vcard",
        "audio/x-m4a, audio/mp4",
        "audio/mp3, audio/mpeg",
        "video/3gpp, video/3gpp",
        "application/vnd.ms-excel, application/vnd.ms-excel"
    })
    void a_kind_of_file_has_one_word(String said, String type) {
        assertThat(ContentTypes.of(said, null, head("other"), null)).isEqualTo(type);
        assertThat(ContentTypes.of(null, said, head("other"), null)).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/heic", "image/heif", "image/tiff", "image/avif", "audio/x-caf", "audio/amr"})
    void models_do_not_read_what_only_phones_do(String type) {
        assertThat(MediaFile.isReadByModels(type)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/jpeg", "image/gif", "image/webp", "audio/mp4", "application/pdf"})
    void models_read_what_most_programs_do(String type) {
        assertThat(MediaFile.isReadByModels(type)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, text/vcard, file.vcf",
                "ann, text/vcard, ann.vcf",
                "voice, audio/mp4, voice.m4a",
                "IMG_1.HEIC, image/jpeg, IMG_1.jpg",
                "IMG_1.JPEG, image/jpeg, IMG_1.JPEG",
                "8E2A.pluginPayloadAttachment, image/png, 8E2A.pluginPayloadAttachment.png",
                "report.html, text/plain, report.html",
                "a.b.odt, application/octet-stream, a.b.odt",
                "..\\..\\server.key, image/png, server.key",
                "Länge 1.png, image/png, Lange_1.png",
                "日本, image/png, file.png",
                "日本.png, image/png, file.png"
            })
    void a_name_ends_as_its_type_does(@Nullable String wished, String type, String name) {
        assertThat(FileNames.safe(wished, type)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Länge 1 (neu).jpg, image/png, Länge 1 (neu).png",
                "猫, image/heic, 猫.heic",
                "notes, application/octet-stream, notes",
                "v1. final, text/plain, v1. final.txt",
                "/, text/plain, -",
                "-, text/plain, -"
            })
    void a_title_stays_as_it_is_but_for_its_ending(@Nullable String wished, String type, @Nullable String title) {
        assertThat(FileNames.title(wished, type)).isEqualTo(Optional.ofNullable(title));
    }

    @Test
    void a_long_title_has_room_for_its_ending() {
        assertThat(FileNames.title("x".repeat(500), "image/heic").orElseThrow())
                .hasSize(FileName.LONGEST)
                .endsWith("x.heic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/x-png", "application/octet-stream"})
    void a_picture_keeps_its_type_under_any_word_for_it(String said) {
        assertThat(ContentTypes.of(said, null, head(PNG), null)).isEqualTo("image/png");
    }

    private static byte[] head(String bytes) {
        return bytes.replace('~', '\0').getBytes(StandardCharsets.ISO_8859_1);
    }
}
