package partyline.app;

import partyline.fakes.sendblue.FakeSendblue;

class SendblueStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeSendblue router = new FakeSendblue(Api.ROUTER);
        FakeSendblue pool = new FakeSendblue(LineWorld.POOL_NUMBER);
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: sendblue, sendblue: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: sendblue, sendblue: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    private static String keys(FakeSendblue fake) {
        return "{url: \"%s\", key_id: %s, secret_key: %s, poll: 300ms, lost_after: 5s, per_second: 0}"
                .formatted(fake.url(), FakeSendblue.KEY_ID, FakeSendblue.SECRET_KEY);
    }
}
