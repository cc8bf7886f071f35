package partyline.app;

import org.junit.jupiter.api.Nested;
import partyline.fakes.imsg.FakeImsg;

/// Over processes that are really started, and killed.
class ImsgStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        return open(true);
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    /// As most Macs are: AppleScript alone.
    @Nested
    class WithoutTheBridge implements LineStory {

        @Override
        public LineWorld open() {
            return ImsgStoryTest.open(false);
        }

        @Override
        public boolean keepsOrder() {
            return true;
        }
    }

    private static LineWorld open(boolean bridge) {
        FakeImsg router = new FakeImsg(Api.ROUTER, bridge);
        FakeImsg pool = new FakeImsg(LineWorld.POOL_NUMBER, bridge);
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: imsg, imsg: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: imsg, imsg: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    private static String keys(FakeImsg mac) {
        return "{command: \"%s\", poll_seconds: 1}".formatted(mac.command());
    }
}
