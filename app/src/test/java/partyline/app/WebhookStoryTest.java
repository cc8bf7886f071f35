package partyline.app;

import partyline.fakes.webhook.FakeProgram;

class WebhookStoryTest implements LineStory {

    @Override
    public LineWorld open() {
        FakeProgram router = new FakeProgram();
        FakeProgram pool = new FakeProgram();
        return new LineWorld(router, pool, """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: webhook, webhook: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: webhook, webhook: %s}
                """.formatted(Api.ROUTER, keys(router), LineWorld.POOL_NUMBER, keys(pool)));
    }

    private static String keys(FakeProgram fake) {
        return "{url: \"%s\", secret: \"%s\", greet: 200ms}".formatted(fake.url(), FakeProgram.SECRET);
    }
}
