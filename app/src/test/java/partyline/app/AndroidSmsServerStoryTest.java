package partyline.app;

import partyline.fakes.androidsms.FakeSmsGateway;
import partyline.testkit.Eventually;

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

    private static FakeSmsGateway behindServer() {
        FakeSmsGateway fake = new FakeSmsGateway();
        fake.isServer();
        return fake;
    }
}
