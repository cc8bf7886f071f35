package partyline.app;

import partyline.fakes.twilio.FakeTwilio;

class TwilioStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeTwilio router = new FakeTwilio(Api.ROUTER);
        FakeTwilio pool = new FakeTwilio(LineWorld.POOL_NUMBER);
        pool.scrambles();
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: twilio, twilio: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: twilio, twilio: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    private static String keys(FakeTwilio fake) {
        return "{url: \"%s\", account_sid: %s, auth_token: %s, poll: 300ms, lost_after: 5s}"
                .formatted(fake.url(), FakeTwilio.ACCOUNT, FakeTwilio.AUTH_TOKEN);
    }
}
