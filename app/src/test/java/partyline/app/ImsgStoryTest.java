package partyline.app;

import partyline.fakes.imsg.FakeImsg;

/// Over processes that are really started, and killed.
class ImsgStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeImsg router = new FakeImsg(Api.ROUTER, true);
        FakeImsg pool = new FakeImsg(LineWorld.POOL_NUMBER, true);
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: imsg, imsg: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: imsg, imsg: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    private static String keys(FakeImsg mac) {
        return "{command: \"%s\", poll_seconds: 1}".formatted(mac.command());
    }
}
