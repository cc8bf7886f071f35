package partyline.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.Api;
import partyline.kernel.Overloaded;

/// What a caller hears when the queue of writes is full. The queue itself is tested where it is.
class OverloadTest {

    @Test
    void a_full_queue_is_a_503_that_says_when_to_try_again(@TempDir Path folder) {
        try (BareServer server = new BareServer(
                folder,
                routes -> routes.get(
                        "/write",
                        _ -> {
                            throw new Overloaded();
                        },
                        Access.Role.ANYBODY))) {
            Api.Answer answer = server.api().get("/write").expect(503);

            assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
            assertThat(answer.text()).contains("\"code\":\"overloaded\"", "nothing changed");
        }
    }
}
