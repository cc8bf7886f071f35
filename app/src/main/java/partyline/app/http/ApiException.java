package partyline.app.http;

import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An answer that is not success, thrown by a handler and rendered in one place. Carries no stack trace.
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonNode detail;

    public ApiException(int status, JsonNode detail) {
        super("HTTP " + status, null, false, false);
        this.status = status;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    public ObjectNode body() {
        ObjectNode body = Json.object();
        body.set("detail", detail);
        return body;
    }
}
