package partyline.transport;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A driver whose service brings its news over HTTP. The server takes the call at the line's address (see
/// [LineSetup#hookUrl()]), checks the secret in it, and hands it on.
public interface WebhookReceiver extends Driver {

    /// One call. `kind` is what the caller added to the line's address, empty when nothing; header names are in lower
    /// case; `query` is as it came, without the question mark.
    record Request(String kind, String query, Map<String, String> headers, byte[] body) {

        public @Nullable String header(String name) {
            return headers.get(name);
        }

        /// What the query has under this name, decoded; empty when that is no query's spelling.
        public Optional<String> parameter(String name) {
            try {
                return Arrays.stream(query.split("&"))
                        .filter(it -> it.startsWith(name + "="))
                        .map(it -> URLDecoder.decode(it.substring(name.length() + 1), StandardCharsets.UTF_8))
                        .findFirst();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /// The body as JSON, if it is any.
        public Optional<JsonNode> json() {
            try {
                return Optional.of(Json.read(new String(body, StandardCharsets.UTF_8)));
            } catch (JacksonException e) {
                return Optional.empty();
            }
        }
    }

    /// What the service gets to read. A status other than 2xx lets most services try again.
    record Answer(int status, String contentType, String body) {

        public static final Answer OK = new Answer(200, "text/plain", "ok");
        public static final Answer FORBIDDEN = new Answer(403, "text/plain", "the signature is wrong");
    }

    /// Takes a call; when this returns, its news is on disk.
    Answer hook(Line line, Request request);
}
