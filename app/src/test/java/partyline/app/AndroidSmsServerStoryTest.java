package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import partyline.fakes.androidsms.FakeSmsGateway;
import partyline.testkit.Eventually;
import tools.jackson.databind.JsonNode;

/// The phone is behind a server, and only its calls bring what people write.
class AndroidSmsServerStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeSmsGateway router = behindServer();
        FakeSmsGateway pool = behindServer();
        LineWorld world = AndroidSmsStoryTest.world(router, pool, "mms: on");
        Eventually.until(Eventually.PATIENCE, router::isTold, it -> it);
        Eventually.until(Eventually.PATIENCE, pool::isTold, it -> it);
        return world;
    }

    @Test
    void a_large_picture_comes_with_the_call_that_tells_of_it() {
        try (LineWorld world = open()) {
            world.connect();
            world.hear("look");
            FakeSmsGateway ann = (FakeSmsGateway) world.pool();
            byte[] large = new byte[900_000];
            Arrays.fill(large, (byte) 7);
            ann.sendsBytes(large);

            ann.sendsPicture("my cat");

            JsonNode message = Api.waitFor(
                            PATIENCE,
                            () -> world.agent()
                                    .get(Talk.MESSAGES + "?limit=1")
                                    .json()
                                    .path(0),
                            it -> it.path("content").asString("").equals("my cat"))
                    .path("media")
                    .path(0);
            assertThat(message.path("size").asInt()).isEqualTo(large.length);
            assertThat(message.path("name").asString()).isEqualTo("photo.jpg");
        }
    }

    private static FakeSmsGateway behindServer() {
        FakeSmsGateway fake = new FakeSmsGateway();
        fake.isServer();
        return fake;
    }
}
