package partyline.app;

import partyline.fakes.linq.FakeLinq;

class LinqStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeLinq router = new FakeLinq(Api.ROUTER);
        FakeLinq pool = new FakeLinq(LineWorld.POOL_NUMBER);
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: linq, linq: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: linq, linq: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    private static String keys(FakeLinq fake) {
        return "{url: \"%s\", api_key: %s, poll: 300ms, per_day: 0}".formatted(fake.url(), FakeLinq.API_KEY);
    }
}
