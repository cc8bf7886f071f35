package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.kernel.Database;
import partyline.kernel.Timestamps;

/// How long files are kept, and how many.
class MediaLifeTest {

    private static final byte[] PICTURE = {1, 2, 3};
    private static final Duration RETENTION = Duration.ofDays(7);

    @RegisterExtension
    static final TestServer server = new TestServer("media:\n  retention_days: 7\n");

    @RegisterExtension
    static final TestServer small = new TestServer("media:\n  quota_mb: 1\n");

    @Test
    void a_file_stays_while_a_message_refers_to_it_and_is_gone_after_that() {
        Talk talk = Talk.begin(server);
        String sent = sent(talk);
        String unused = upload(talk);

        restart(server, Duration.ofHours(25));
        assertThat(Upload.fetch(here(server, sent)).statusCode()).isEqualTo(200);
        assertGone(here(server, unused));

        restart(server, RETENTION);
        String url = here(server, sent);
        assertGone(url);
        assertThat(Upload.ask("HEAD", url).statusCode()).isEqualTo(410);
        assertThat(send(talk.with(server), url).expect(422).text()).contains("still kept");
    }

    @Test
    void the_end_of_an_identity_is_the_end_of_its_files_but_not_of_what_others_sent_too() {
        Talk talk = Talk.begin(server);
        Talk other = Talk.begin(server);
        String own = sent(talk);
        String shared = sent(talk);
        send(other, shared).expect(201);

        server.admin().delete("/api/v1/identities/" + talk.handle()).expect(204);

        assertGone(own);
        assertThat(Upload.fetch(shared).statusCode()).isEqualTo(200);
    }

    @Test
    void an_organization_has_its_share_of_the_disk_and_no_more() {
        Api stranger = small.stranger();
        Upload.of(stranger, "a.mp4", "video/mp4", new byte[700_000]).answer().expect(201);

        Upload refused = Upload.of(stranger, "b.mp4", "video/mp4", new byte[700_000]);
        Upload fits = Upload.of(stranger, "c.mp4", "video/mp4", new byte[(1 << 20) - 700_000]);
        Upload full = Upload.of(stranger, "d.mp4", "video/mp4", PICTURE);

        assertThat(refused.answer().expect(413).text()).contains("media_quota_exceeded", "media.quota_mb");
        fits.answer().expect(201);
        full.answer().expect(413);
        Upload.of(small.admin(), "e.mp4", "video/mp4", PICTURE).answer().expect(201);
    }

    private static String sent(Talk talk) {
        String url = upload(talk);
        send(talk, url).expect(201);
        return url;
    }

    private static String upload(Talk talk) {
        return Upload.of(talk.agent(), "a.png", "image/png", PICTURE).url();
    }

    private static Api.Answer send(Talk talk, String url) {
        return talk.agent()
                .post(
                        MESSAGES,
                        "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(talk.conversation(), url));
    }

    /// Lets the files grow older by `age` while the server is down.
    private static void restart(TestServer restarted, Duration age) {
        restarted.restart(database -> age(database, Timestamps.micros(Instant.EPOCH.plus(age))));
    }

    private static void age(Database database, long micros) {
        database.update(tx -> tx.handle()
                .createUpdate("UPDATE media SET created_at = created_at - :age, used_at = used_at - :age")
                .bind("age", micros)
                .execute());
    }

    /// The same address after a restart, which gave the server another port.
    private static String here(TestServer restarted, String url) {
        return url.replaceFirst("^http://[^/]+", restarted.admin().base());
    }

    private static void assertGone(String url) {
        waitFor(() -> Upload.fetch(url).statusCode(), status -> status == 410);
        assertThat(new String(Upload.fetch(url).body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("media_gone");
    }
}
