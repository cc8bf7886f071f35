package partyline.app;

import partyline.fakes.bluebubbles.FakeMac;

class BlueBubblesStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeMac router = new FakeMac(Api.ROUTER);
        FakeMac pool = new FakeMac(LineWorld.POOL_NUMBER);
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: bluebubbles, bluebubbles: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: bluebubbles, bluebubbles: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    private static String keys(FakeMac mac) {
        return "{url: \"%s\", password: \"%s\", spacing_ms: 0, poll_seconds: 1}".formatted(mac.url(), FakeMac.PASSWORD);
    }
}
