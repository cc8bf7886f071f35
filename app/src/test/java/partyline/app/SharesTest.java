package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// What one organization may take of what all share.
class SharesTest {

    private static final String KEYS = "/api/v1/api-keys";
    private static final String EVENTS = "/api/v1/imessage/events";

    @RegisterExtension
    static final TestServer server = new TestServer("""
            limits: {streams_per_key: 2, streams_per_organization: 3, keys_per_minute: 5}
            stream: {heartbeat_seconds: 1}
            """, new VirtualClock());

    @Test
    void one_organization_has_its_share_of_streams_whatever_keys_it_uses_and_others_have_theirs() {
        Api stranger = server.stranger();
        JsonNode identity = stranger.identity("streaming");
        List<Api> keys = List.of(stranger.scoped(identity), stranger.scoped(identity));
        List<EventReader> open = new ArrayList<>();
        try {
            open.add(new EventReader(keys.getFirst(), ""));
            open.add(new EventReader(keys.getFirst(), ""));
            open.add(new EventReader(keys.getLast(), ""));

            for (Api key : List.of(keys.getFirst(), keys.getLast(), stranger)) {
                Api.Answer refused = key.get(EVENTS, "application/json").expect(429);
                assertThat(refused.text()).contains("too_many_streams", "organization");
                assertThat(retryAfter(refused)).isBetween(1, 60);
            }
            assertThat(retryAfter(stranger.get(EVENTS, "text/event-stream").expect(429)))
                    .isBetween(1, 60);
            server.admin().get(EVENTS, "application/json").expect(200);
        } finally {
            open.forEach(EventReader::close);
        }
        Api.waitFor(() -> stranger.get(EVENTS, "application/json").status(), status -> status == 200);
    }

    @Test
    void one_organization_makes_so_many_keys_a_minute_and_others_still_make_theirs() {
        JsonNode identity = server.admin().identity("minting");
        for (int at = 0; at < 5; at++) {
            server.admin().scoped(identity);
        }
        String wish = "{\"label\":\"x\",\"scoped_identity_id\":%s}".formatted(identity.path("id"));

        Api.Answer refused = server.admin().post(KEYS, wish).expect(429);

        assertThat(refused.text()).contains("too_many_keys", "limits.keys_per_minute");
        assertThat(retryAfter(refused)).isBetween(1, 60);
        server.stranger().scoped(server.stranger().identity("minting-elsewhere"));
        server.admin().get(KEYS).expect(200);
    }

    private static int retryAfter(Api.Answer answer) {
        return Integer.parseInt(
                answer.response().headers().firstValue("Retry-After").orElseThrow());
    }
}
