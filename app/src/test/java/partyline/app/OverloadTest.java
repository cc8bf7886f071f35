package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.ApiKeys;
import partyline.identities.Identities;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Overloaded;

/// What a caller hears when the queue of writes is full. The queue itself is tested where it is.
class OverloadTest {

    @Test
    void a_full_queue_is_a_503_that_says_when_to_try_again(@TempDir Path folder) throws Exception {
        HttpResponse<String> answer = answerOfRouteThatIsOverloaded(folder);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("\"code\":\"overloaded\"", "nothing changed");
    }

    private static HttpResponse<String> answerOfRouteThatIsOverloaded(Path folder)
            throws IOException, InterruptedException {
        InstantSource clock = InstantSource.system();
        Config.Http config = Config.of(Settings.read(Optional.empty(), Map.of(), Map.of("http.port", "0")))
                .http();
        try (var database = Database.open(folder.resolve("test.db"));
                var keys = new ApiKeys(database, clock);
                var client = HttpClient.newHttpClient()) {
            Identities identities = new Identities(database, new Ids(clock), clock);
            Access access = new Access(keys, new FailedKeys(config.edge(), clock), identities);
            try (var http = new HttpServer(
                    config,
                    access,
                    routes -> routes.get(
                            "/write",
                            _ -> {
                                throw new Overloaded();
                            },
                            Access.Role.ANYBODY),
                    () -> {})) {
                http.start();
                URI uri = URI.create("http://127.0.0.1:" + http.port() + "/write");
                return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            }
        }
    }
}
