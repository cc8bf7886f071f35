package partyline.app;

import partyline.fakes.androidsms.FakeSmsGateway;

/// The app on the phone, which calls us and is asked.
class AndroidSmsStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        return world(new FakeSmsGateway(), new FakeSmsGateway(), "mms: on");
    }

    /// Its inbox is in order, whatever becomes of its calls.
    @Override
    public boolean keepsOrder() {
        return true;
    }

    static LineWorld world(FakeSmsGateway router, FakeSmsGateway pool, String more) {
        return new LineWorld(
                router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: android-sms-gateway, android-sms-gateway: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: android-sms-gateway, android-sms-gateway: %s}
                """.formatted(Api.ROUTER, keys(router, more), LineWorld.POOL_NUMBER, keys(pool, more)));
    }

    private static String keys(FakeSmsGateway fake, String more) {
        return "{url: \"%s\", username: %s, password: %s, signing_key: %s, poll: 300ms, per_day: 0, %s}"
                        .formatted(
                                fake.url(),
                                FakeSmsGateway.USER,
                                FakeSmsGateway.PASSWORD,
                                FakeSmsGateway.SIGNING_KEY,
                                more)
                + ", pace: {sends_per_minute: 0}";
    }
}
