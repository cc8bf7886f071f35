package partyline.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files go up with a key and come down by their address.
@ResourceLock(Resources.SYSTEM_ERR)
class MediaTest {

    private static final int LARGEST = 10_485_760;
    private static final byte[] PNG = "\u0089PNG\r\n\u001a\n and more".getBytes(ISO_8859_1);

    @RegisterExtension
    static final TestServer server = new TestServer();

    @Test
    void an_upload_comes_back_byte_by_byte_from_its_address_without_a_key() {
        Upload upload = Upload.of(server.stranger(), "photo.png", "image/png", PNG);

        assertThat(upload.answer().expect(201).json().propertyNames())
                .containsExactly("media_url", "content_type", "size", "name");
        assertThat(upload.answer().json().path("size").asInt()).isEqualTo(PNG.length);
        assertThat(upload.url()).matches("\\Q" + server.admin().base() + "\\E/media/[A-Za-z0-9_-]{43}/photo\\.png");
        HttpResponse<byte[]> got = Upload.fetch(upload.url());
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(PNG);
        assertThat(header(got, "Content-Type")).isEqualTo("image/png");
        assertThat(header(got, "Content-Length")).isEqualTo(String.valueOf(PNG.length));
        assertThat(header(got, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(got, "Content-Disposition")).isEqualTo("inline; filename=\"photo.png\"");
        assertThat(header(got, "Content-Security-Policy")).contains("sandbox");
        assertThat(header(got, "Cache-Control")).startsWith("private");
        HttpResponse<byte[]> head = Upload.ask("HEAD", upload.url());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(PNG.length));
        assertThat(head.body()).isEmpty();
    }

    static Stream<Arguments> kinds() {
        byte[] page = "<script>alert(1)</script>".getBytes(UTF_8);
        byte[] text = "plain words".getBytes(UTF_8);
        return Stream.of(
                arguments("photo", "application/octet-stream", PNG, "image/png", "inline", "photo.png"),
                arguments("photo.jpg", null, PNG, "image/png", "inline", "photo.png"),
                arguments("note.txt", "application/octet-stream", text, "text/plain", "attachment", "note.txt"),
                arguments("song.mp3", null, "ID3".getBytes(UTF_8), "audio/mpeg", "inline", "song.mp3"),
                arguments("x", null, "%PDF-1.7".getBytes(UTF_8), "application/pdf", "inline", "x.pdf"),
                arguments("x.bin", null, text, "application/octet-stream", "attachment", "x.bin"),
                arguments("a.png", "image/png", page, "image/png", "inline", "a.png"),
                arguments("a.png", "text/html; charset=utf-8", page, "text/html", "attachment", "a.png"),
                arguments("a.svg", "image/svg+xml", page, "image/svg+xml", "attachment", "a.svg"),
                arguments("a.svg", null, page, "image/svg+xml", "attachment", "a.svg"),
                arguments("a", "audio/x+xml", page, "audio/x+xml", "attachment", "a"),
                arguments("a.png", "nonsense", PNG, "image/png", "inline", "a.png"),
                arguments("a.html", "IMAGE/PNG;x=y", page, "image/png", "inline", "a.png"),
                arguments("a.pdf", "application/pdf", PNG, "image/png", "inline", "a.png"),
                arguments("x.png.html", "image/png", PNG, "image/png", "inline", "x.png.png"),
                arguments("x.cmd", "audio/mpeg", page, "audio/mpeg", "inline", "x.cmd.mpeg"),
                arguments("x.html", "audio/html", page, "audio/html", "inline", "x.html.bin"),
                arguments("ann", "text/x-vcard", "begin:vcard".getBytes(UTF_8), "text/vcard", "attachment", "ann.vcf"),
                arguments("a", "image/jpg", text, "image/jpeg", "inline", "a.jpg"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_type_is_what_the_client_says_or_what_the_file_shows_and_only_harmless_ones_are_inline(
            String name, String declared, byte[] bytes, String type, String disposition, String shown) {
        Upload upload = Upload.of(server.admin(), name, declared, bytes);

        assertThat(upload.contentType()).isEqualTo(type);
        HttpResponse<byte[]> got = Upload.fetch(upload.url());
        assertThat(header(got, "Content-Type")).isEqualTo(type);
        assertThat(header(got, "Content-Disposition")).isEqualTo(disposition + "; filename=\"" + shown + "\"");
        assertThat(header(got, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(got.body()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "../../../partyline.db, partyline.db",
        "..\\..\\server.key, server.key",
        "/etc/passwd, passwd.png",
        "%2e%2e%2fserver.key, 2e_2e_2fserver.key",
        ".., file.png",
        "a%0d%0aX-Evil: 1.png, a_0d_0aX-Evil_1.png",
        "a;b\\\"c.png, a_b_c.png",
        "Fotö.png, Fot_.png",
    })
    void a_name_leads_nowhere_and_says_nothing_else(String wished, String kept) {
        Upload upload = Upload.of(server.admin(), wished, "image/png", PNG);

        assertThat(upload.url()).endsWith("/" + kept);
        HttpResponse<byte[]> got = Upload.fetch(upload.url());
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(header(got, "Content-Disposition")).startsWith("inline; filename=\"" + kept + "\"");
        assertThat(got.headers().map()).doesNotContainKeys("X-Evil", "x-evil");
    }

    @Test
    void a_name_in_any_script_is_shown_and_served_as_it_is() {
        String encoded = "%C3%9Cnal%20%26%20%E7%8C%AB.png";
        String part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"; filename*=UTF-8''"
                + encoded + "\r\n\r\n" + new String(PNG, ISO_8859_1) + "\r\n--x--\r\n";
        Upload upload = Upload.sent(server.admin(), part.replace("--x", "--x-boundary-x"));

        assertThat(upload.answer().json().path("name").asString()).isEqualTo("Ünal & 猫.png");
        assertThat(upload.url()).endsWith("/Unal_.png");
        assertThat(header(Upload.fetch(upload.url()), "Content-Disposition"))
                .isEqualTo("inline; filename=\"Unal_.png\"; filename*=UTF-8''%C3%9Cnal%20&%20%E7%8C%AB.png");
    }

    @Test
    void what_is_on_disk_has_a_name_of_the_servers_own() throws IOException {
        String url = Upload.of(server.admin(), "mine.png", "image/png", PNG).url();

        try (Stream<Path> files = Files.list(server.folder().resolve("media"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file.getFileName().toString())
                            .matches("[0-9a-f-]{36}")
                            .doesNotContain(url.split("/")[4]));
        }
    }

    @Test
    void an_address_with_one_wrong_character_is_unknown() {
        String url = Upload.of(server.admin(), "photo.png", "image/png", PNG).url();
        String token = url.split("/")[4];
        String other = (token.startsWith("A") ? "B" : "A") + token.substring(1);

        for (String wrong : List.of(
                url.replace(token, other),
                url.replace("photo.png", "photo.html"),
                url.replace(token, "%2e%2e"),
                url.replace(token, "x%00"))) {
            assertThat(Upload.fetch(wrong).statusCode()).as(wrong).isIn(400, 404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0, 4",
        "bytes=4-, 206, 4, 17",
        "bytes=-5, 206, 12, 17",
        "bytes=-100, 206, 0, 17",
        "bytes=10-100, 206, 10, 17",
        "bytes=17-, 416, 0, 0",
        "'bytes=0-1,3-4', 200, 0, 17",
        "bytes=-, 200, 0, 17",
        "bytes=5-2, 200, 0, 17",
        "words, 200, 0, 17",
    })
    void a_stretch_of_a_file_can_be_had_as_players_ask_for_it(String range, int status, int from, int to) {
        byte[] bytes = "seventeen letters".getBytes(UTF_8);
        String url = Upload.of(server.admin(), "a.mp4", "video/mp4", bytes).url();

        HttpResponse<byte[]> got = Upload.fetch(url, "Range", range);

        assertThat(got.statusCode()).isEqualTo(status);
        assertThat(new String(got.body(), UTF_8)).isEqualTo("seventeen letters".substring(from, to));
        String told = got.headers().firstValue("Content-Range").orElse("none");
        assertThat(told)
                .isEqualTo(
                        switch (status) {
                            case 206 -> "bytes " + from + "-" + (to - 1) + "/17";
                            case 416 -> "bytes */17";
                            default -> "none";
                        });
    }

    @ParameterizedTest
    @CsvSource({"GET, bytes=17-", "GET, bytes=100-", "HEAD, bytes=100-", "GET, bytes=-0"})
    void a_stretch_beyond_the_end_is_416_and_nothing_for_the_log(String method, String range) {
        String url = Upload.of(server.admin(), "a.mp4", "video/mp4", "seventeen letters".getBytes(UTF_8))
                .url();
        try (LogLines log = new LogLines()) {
            HttpResponse<byte[]> got = Upload.ask(method, url, "Range", range);

            assertThat(got.statusCode()).isEqualTo(416);
            assertThat(header(got, "Content-Range")).isEqualTo("bytes */17");
            assertThat(got.body()).isEmpty();
            assertThat(log.text()).doesNotContain("request_failed");
        }
    }

    @Test
    void ten_mebibytes_are_taken_and_not_one_byte_more() {
        byte[] most = new byte[LARGEST];
        most[LARGEST - 1] = 7;

        Upload taken = Upload.of(server.admin(), "a.mp4", "video/mp4", most);
        Upload refused = Upload.of(server.admin(), "a.mp4", "video/mp4", new byte[LARGEST + 1]);

        assertThat(taken.answer().expect(201).json().path("size").asInt()).isEqualTo(LARGEST);
        assertThat(Upload.fetch(taken.url()).body()).isEqualTo(most);
        assertThat(refused.answer().expect(413).text()).contains("media_too_large", "10,485,760");
    }

    @Test
    void a_body_that_says_it_is_too_long_is_refused_before_it_is_sent() throws IOException {
        URI base = URI.create(server.admin().base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(10_000);
            String head = "POST %s HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\n"
                            .formatted(Upload.MEDIA, server.admin().key())
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 11534336\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(UTF_8));
            byte[] answer = socket.getInputStream().readNBytes(12);

            assertThat(new String(answer, UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void a_body_of_unknown_length_is_cut_off_where_it_becomes_too_long() {
        int far = 64 << 20;
        long[] given = {0};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return given[0]++ < far ? 0 : -1;
            }
        };
        String begin = Upload.part("file", "a.mp4", "video/mp4", new byte[0]).stripTrailing() + "\r\n\r\n";
        InputStream body = new SequenceInputStream(new ByteArrayInputStream(begin.getBytes(UTF_8)), endless);

        int status;
        try {
            status = Upload.sent(server.admin(), BodyPublishers.ofInputStream(() -> body))
                    .answer()
                    .status();
        } catch (RuntimeException e) {
            // The server hung up on us in the middle of our sentence, which is an answer too.
            status = 413;
        }

        assertThat(status).isEqualTo(413);
        assertThat(given[0]).as("not all of it was read").isLessThan(far);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_stands_around_a_file_counts_too(boolean before) {
        String good = Upload.part("file", "a.png", "image/png", PNG) + "--x-boundary-x--\r\n";
        String much = "x".repeat(LARGEST + 20_000) + "\r\n";
        byte[] body = (before ? much + good : good + much).getBytes(ISO_8859_1);

        Upload upload = Upload.sent(server.admin(), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        assertThat(upload.answer().expect(413).text()).contains("media_too_large");
    }

    static Stream<Arguments> wrongBodies() {
        String good = Upload.part("file", "a.png", "image/png", PNG);
        return Stream.of(
                arguments("", "file"),
                arguments("no multipart at all", "file"),
                arguments(Upload.part("photo", "a.png", "image/png", PNG) + "--x-boundary-x--\r\n", "only part"),
                arguments(good + good + "--x-boundary-x--\r\n", "only part"),
                arguments(good + Upload.part("more", "b", null, PNG) + "--x-boundary-x--\r\n", "only part"),
                arguments("--x-boundary-x--\r\n", "only part"),
                arguments(good, "only part"),
                arguments(good.substring(0, good.length() - 9), "only part"),
                arguments(Upload.part("file", "a.png", "image/png", new byte[0]) + "--x-boundary-x--\r\n", "empty"));
    }

    @ParameterizedTest
    @MethodSource("wrongBodies")
    void a_wrong_body_is_told_what_is_wrong_and_leaves_nothing_behind(String body, String told) throws IOException {
        long before = files();

        Upload upload = Upload.sent(server.admin(), body);

        assertThat(upload.answer().expect(422).text()).contains("file", told);
        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "multipart/mixed; boundary=x", "text/plain"})
    void only_multipart_with_a_boundary_is_an_upload(String type) {
        Api.Answer answer =
                server.admin().send("POST", Upload.MEDIA, BodyPublishers.ofString("{}"), "Content-Type", type);

        assertThat(answer.expect(422).text()).contains("multipart/form-data");
    }

    private static long files() throws IOException {
        try (Stream<Path> files = Files.list(server.folder().resolve("media"))) {
            return files.count();
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }
}
