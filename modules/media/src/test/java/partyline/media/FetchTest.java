package partyline.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.OrganizationId;
import partyline.kernel.Storage;
import partyline.outbound.Outbound;

/// Files at addresses that a line names.
class FetchTest {

    private static final OrganizationId OPERATOR = new OrganizationId("org_1");
    private static final OrganizationId OTHER = new OrganizationId("org_2");
    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final byte[] PNG = "\u0089PNG\r\n\u001a\n and more".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Outbound outbound = new Outbound(List.of("127.0.0.0/8"), "Partyline/test");
    private HttpServer server;
    private Database database;
    private MediaFiles files;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        InstantSource clock = InstantSource.system();
        Ids ids = new Ids(clock);
        database = Database.open(folder.resolve("test.db"));
        files = new MediaFiles(
                new Storage(database, new Journal(ids, clock), ids, clock),
                outbound,
                folder.resolve("media"),
                () -> "http://here",
                OPERATOR,
                new MediaSettings(Duration.ZERO, 0, 1_000, AMPLE));
    }

    @AfterEach
    void close() {
        end.countDown();
        files.close();
        outbound.close();
        database.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void a_file_is_followed_over_three_redirects() throws Exception {
        redirect("/1", "/2");
        redirect("/2", url("/3"));
        redirect("/3", "photo.png");
        file("/photo.png", "application/octet-stream", PNG);

        assertThat(stored("/1", null).contentType()).isEqualTo("image/png");
    }

    @Test
    void a_fourth_redirect_or_one_in_a_circle_is_the_end() throws Exception {
        redirect("/round", "/round");

        assertThat(fetch("/round", AMPLE)).isEqualTo(new StoreOutcome.Refused(MediaFailure.UNAVAILABLE));
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "http://192.168.0.1/",
        "file:///etc/passwd",
        "https://me:secret@example.com/"
    })
    void every_step_is_judged_like_a_first_address(String location) throws Exception {
        redirect("/1", location);

        assertThat(fetch("/1", AMPLE)).isEqualTo(new StoreOutcome.Refused(MediaFailure.ADDRESS_REFUSED));
    }

    @Test
    void what_only_the_operator_may_call_is_refused_to_others() throws Exception {
        file("/a", "image/png", PNG);

        assertThat(files.fetch(OTHER, url("/a"), null, null, AMPLE))
                .isEqualTo(new StoreOutcome.Refused(MediaFailure.ADDRESS_REFUSED));
    }

    @ParameterizedTest
    @CsvSource({"404", "408", "425", "429", "500", "503"})
    void what_is_not_there_yet_may_come_later(int status) throws Exception {
        answer("/a", status);

        assertThat(fetch("/a", AMPLE)).isEqualTo(new StoreOutcome.NotYet(MediaFailure.UNAVAILABLE));
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "410"})
    void what_is_not_given_out_will_not_come(int status) throws Exception {
        answer("/a", status);

        assertThat(fetch("/a", AMPLE)).isEqualTo(new StoreOutcome.Refused(MediaFailure.UNAVAILABLE));
    }

    @Test
    void a_connection_that_breaks_off_or_takes_too_long_may_do_better_later() throws Exception {
        server.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(200, 500);
            exchange.getResponseBody().write(PNG);
            exchange.close();
        });
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 500);
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(fetch("/broken", AMPLE)).isEqualTo(new StoreOutcome.NotYet(MediaFailure.UNAVAILABLE));
        assertThat(fetch("/slow", Duration.ofMillis(300))).isEqualTo(new StoreOutcome.NotYet(MediaFailure.TIMED_OUT));
    }

    @Test
    void what_the_line_told_counts_where_the_answer_says_nothing() throws Exception {
        file("/voice", "application/octet-stream", "\0\0\0\u0018ftypmp42".getBytes(StandardCharsets.ISO_8859_1));

        MediaFile voice = stored("/voice", "audio/mp4");

        assertThat(voice.contentType()).isEqualTo("audio/mp4");
        assertThat(voice.name()).isEqualTo("voice.m4a");
    }

    @Test
    void a_file_is_called_what_the_line_says_else_the_answer_else_the_address() throws Exception {
        server.createContext("/named/x.png", exchange -> {
            exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename*=UTF-8''%E7%8C%AB.png");
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, PNG.length);
            exchange.getResponseBody().write(PNG);
            exchange.close();
        });
        file("/plain.png", "image/png", PNG);

        StoreOutcome told = files.fetch(OPERATOR, url("/named/x.png"), "Ann \u202E1.jpg", null, AMPLE);

        assertThat(((StoreOutcome.Stored) told).file().title()).contains("Ann 1.png");
        assertThat(((StoreOutcome.Stored) told).file().name()).isEqualTo("Ann_1.png");
        assertThat(stored("/named/x.png", null).title()).contains("猫.png");
        assertThat(stored("/named/x.png", null).name()).isEqualTo("file.png");
        assertThat(stored("/plain.png", null).shownName()).isEqualTo("plain.png");
    }

    @Test
    void a_picture_that_its_store_keeps_packed_is_kept_unpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(PNG);
        }
        server.createContext("/a.png", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
            exchange.close();
        });

        MediaFile kept = stored("/a.png", null);

        assertThat(kept.size()).isEqualTo(PNG.length);
        try (InputStream body =
                files.bytes("http://here/media/" + kept.token() + "/a.png").body()) {
            assertThat(body.readAllBytes()).isEqualTo(PNG);
        }
    }

    @Test
    void a_file_that_is_let_go_of_is_gone_unless_two_messages_refer_to_it() throws Exception {
        file("/a.png", "image/png", PNG);
        MediaFile once = stored("/a.png", null);
        MediaFile twice = stored("/a.png", null);
        database.update(tx -> List.of(once, twice, twice)
                .forEach(it -> files.use(tx, it, partyline.kernel.Id.parse("0198a000-0000-7000-8000-000000000000"))));

        database.update(tx -> files.release(tx, List.of(files.url(once), files.url(twice), "https://elsewhere/a.png")));

        assertThat(files.open(once.token(), "a.png")).isInstanceOf(Opening.Gone.class);
        assertThat(files.open(twice.token(), "a.png")).isInstanceOf(Opening.Found.class);
    }

    private StoreOutcome fetch(String path, Duration patience) throws Exception {
        return files.fetch(OPERATOR, url(path), null, null, patience);
    }

    private MediaFile stored(String path, @Nullable String told) throws Exception {
        return ((StoreOutcome.Stored) files.fetch(OPERATOR, url(path), null, told, AMPLE)).file();
    }

    private void file(String path, String type, byte[] bytes) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void redirect(String path, String location) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    private void answer(String path, int status) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }
}
