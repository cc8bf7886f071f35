package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.contract.FakeLine.Bubble;
import partyline.fakes.imsg.FakeImsg;
import tools.jackson.databind.JsonNode;

/// The main job over a Mac at the other end of a real ssh: its server, its keys, its connections, and their end.
@Tag("needs-tools")
class ImsgOverSshIT {

    private static final byte[] PHOTO = "what a photo is made of".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final FakeImsg router = new FakeImsg(Api.ROUTER, true);
    private final FakeImsg pool = new FakeImsg(LineWorld.POOL_NUMBER, true);
    private SshServer ssh;
    private LineWorld world;

    @BeforeEach
    void open() throws IOException {
        ssh = new SshServer(folder);
        world = new LineWorld(router, pool, """
                outbound: {allow: [127.0.0.0/8]}
                lines:
                  - {id: front, number: "%s", roles: [router], driver: imsg, imsg: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: imsg, imsg: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    @AfterEach
    void close() {
        world.close();
        ssh.close();
    }

    @Test
    void a_person_and_an_agent_talk_and_send_each_other_files() {
        world.connect();

        world.hear("hello over there");
        String reply = world.reply("hello yourself", "confetti");
        waitFor(LineStory.PATIENCE, () -> status(reply), "delivered"::equals);
        assertThat(pool.bubbles().getLast().effect()).isEqualTo("confetti");

        pool.sendsFile("look", "Ann's photo.jpg", PHOTO);
        JsonNode media =
                waitFor(LineStory.PATIENCE, () -> inbound("look").path("media").path(0), it -> it.has("size"));
        assertThat(media.path("size").asLong()).isEqualTo(PHOTO.length);
        String upload = Upload.of(world.agent(), "Bob's cat & dog.txt", "text/plain", PHOTO)
                .url();
        String picture = world.send("a file", ",\"media_urls\":[\"" + upload + "\"]")
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
        waitFor(LineStory.PATIENCE, () -> status(picture), "delivered"::equals);
        assertThat(pool.fileNames()).last().asString().isEqualTo("Bob's cat & dog.txt");
    }

    @Test
    void nothing_is_lost_or_doubled_when_either_end_and_what_is_between_dies() throws IOException {
        world.connect();
        world.hear("begin");
        List<String> replies =
                IntStream.range(0, 6).mapToObj(at -> "reply " + at).toList();

        List<String> first = List.of(say(replies.get(0)), say(replies.get(1)));
        waitFor(LineStory.PATIENCE, world::replies, it -> it.size() == 2);
        world.write("imsg is killed");
        pool.kill();
        String third = say(replies.get(2));
        waitFor(LineStory.PATIENCE, world::replies, it -> it.size() == 3);
        world.write("the connection breaks");
        ssh.stop();
        world.write("the Mac is away");
        String fourth = say(replies.get(3));
        ssh.start();
        waitFor(LineStory.PATIENCE, world::replies, it -> it.size() == 4);
        world.write("the server starts anew");
        world.restart();
        List<String> last = List.of(say(replies.get(4)), say(replies.get(5)));

        world.hear("that is all");
        Stream.of(first, List.of(third, fourth), last)
                .flatMap(List::stream)
                .forEach(id -> waitFor(LineStory.PATIENCE, () -> status(id), "delivered"::equals));
        assertThat(waitFor(
                        LineStory.PATIENCE,
                        world::heard,
                        it -> it.size() >= world.said().size()))
                .isEqualTo(world.said());
        assertThat(pool.bubbles()).extracting(Bubble::text).endsWith(replies.toArray(String[]::new));
        assertThat(world.replies()).isEqualTo(replies);
    }

    private String say(String text) {
        return world.reply(text, null);
    }

    private String status(String message) {
        return world.message(message).path("status").asString();
    }

    private JsonNode inbound(String text) {
        return world.agent()
                .get(Talk.MESSAGES + "?limit=50")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("content").asString("").equals(text))
                .findFirst()
                .orElseGet(partyline.kernel.Json::object);
    }

    private String keys(FakeImsg mac) {
        return "{host: %s, ssh_config: \"%s\", command: \"%s\", poll_seconds: 1}"
                .formatted(SshServer.HOST, ssh.config(), mac.command());
    }
}
