package partyline.app.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An answer that is not success, thrown by a handler and rendered in one place. Carries no stack trace.
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final long USUAL_PAUSE = 5;

    private final int status;
    private final transient JsonNode detail;
    private final @Nullable Duration pause;

    public ApiException(int status, JsonNode detail) {
        this(status, detail, null);
    }

    private ApiException(int status, JsonNode detail, @Nullable Duration pause) {
        super("HTTP " + status, null, false, false);
        this.status = status;
        this.detail = detail;
        this.pause = pause;
    }

    /// The same, with how long to wait before the next try.
    public ApiException after(Duration wait) {
        return new ApiException(status, detail, wait);
    }

    public int status() {
        return status;
    }

    /// What is wrong: an object with a code and a sentence, or the list of a [ValidationError].
    public JsonNode detail() {
        return detail;
    }

    /// When to come again, in whole seconds, rounded up: who waits them out is not refused again. Where nobody knows
    /// better, a few: a stream ends, or does not, within seconds.
    public Optional<Long> retryAfter() {
        return Optional.ofNullable(pause)
                .map(left -> left.plusSeconds(1).minusNanos(1).toSeconds())
                .or(() -> status == 429 ? Optional.of(USUAL_PAUSE) : Optional.empty());
    }

    public ObjectNode body() {
        ObjectNode body = Json.object();
        body.set("detail", detail);
        return body;
    }
}
