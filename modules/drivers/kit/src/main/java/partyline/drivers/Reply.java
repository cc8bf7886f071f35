package partyline.drivers;

import java.time.Duration;
import java.util.Optional;
import partyline.kernel.Json;
import partyline.transport.TapbackResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What came of a call.
public sealed interface Reply {

    /// It was answered; `body` is at most a few MiB of text, `pause` how long the service wants to be left alone.
    record Answered(int status, String body, Optional<Duration> pause) implements Reply {

        public Answered(int status, String body) {
            this(status, body, Optional.empty());
        }

        @Override
        public boolean success() {
            return status >= 200 && status < 300;
        }

        /// The body as JSON, an empty object when it is none.
        public JsonNode json() {
            try {
                return Json.read(body);
            } catch (JacksonException e) {
                return Json.object();
            }
        }

        /// Whether the service does not take our key.
        public boolean refusesUs() {
            return status == 401 || status == 403;
        }

        /// Whether the service will not do this, whoever asks and whenever.
        public boolean isRefusal() {
            return status / 100 == 4 && !refusesUs() && status != 408 && status != 429;
        }
    }

    /// Nothing of it left this machine: the service was not reached, so it certainly did nothing.
    record Unreachable(String detail) implements Reply {}

    /// It left, and no whole answer came in time: the service may have done it.
    record NoAnswer(String detail) implements Reply {}

    /// Whether the service did what it was asked for, and said so.
    default boolean success() {
        return false;
    }

    /// What became of a tapback that was asked for: what the service refuses is never worth another try.
    default TapbackResult tapback() {
        if (success()) {
            return TapbackResult.TAKEN;
        }
        return this instanceof Answered answer && answer.isRefusal() ? TapbackResult.NEVER : TapbackResult.NOT_NOW;
    }

    /// What the service answered, as JSON, if it did what it was asked for.
    default Optional<JsonNode> answer() {
        return this instanceof Answered answer && answer.success() ? Optional.of(answer.json()) : Optional.empty();
    }
}
