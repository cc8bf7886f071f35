package partyline.drivers.imsg;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What came of a call to imsg.
sealed interface ImsgReply {

    /// It was done.
    record Answered(JsonNode json) implements ImsgReply {}

    /// A JSON-RPC error; `data` is an object where imsg tells what became of something that it should send.
    record Failed(int code, String message, JsonNode data) implements ImsgReply {

        static final int UNKNOWN_METHOD = -32601;
        static final int INVALID = -32602;
        static final int BUSY = -32000;
        /// Nobody knows whether it went out.
        static final int IN_DOUBT = -32001;
        static final int NO_DATABASE = -32002;
        static final int NO_BRIDGE = -32003;
        /// It was not begun, since something before it is still under way; so is everything until imsg starts anew.
        static final int BLOCKED = -32004;

        /// It is not as it must be.
        boolean isInvalid() {
            return code == INVALID;
        }

        /// Certainly nothing was done.
        boolean nothingDone() {
            return code == BUSY
                    || code == NO_DATABASE
                    || code == NO_BRIDGE
                    || code == BLOCKED
                    || code == UNKNOWN_METHOD
                    || data.path("retry_safe").asBoolean(false);
        }
    }

    /// No imsg heard of it.
    record Unsent(String detail) implements ImsgReply {}

    /// It may have been done.
    record NoAnswer(String detail) implements ImsgReply {}

    default Optional<JsonNode> result() {
        return this instanceof Answered(JsonNode json) ? Optional.of(json) : Optional.empty();
    }

    static ImsgReply of(JsonNode line) {
        JsonNode error = line.path("error");
        return error.isObject()
                ? new Failed(error.path("code").asInt(0), error.path("message").asString(""), error.path("data"))
                : new Answered(line.path("result"));
    }
}
