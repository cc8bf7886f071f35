package partyline.app.http;

import java.util.Locale;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// What Jetty refuses by itself, before any handler of ours sees it, answered in the shape of all other errors.
final class JsonErrors extends ErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(JsonErrors.class);
    private static final String JSON = "application/json";

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    /// A refusal with another number than 500, such as 505, is about the request: nobody fills the log with those.
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        Content.Sink.write(response, true, text(code == 500 ? internal(cause) : refused(code)), callback);
    }

    /// Logs what was thrown under an id and returns the answer that names the id.
    static ApiException internal(@Nullable Throwable cause) {
        String id = UUID.randomUUID().toString();
        LOG.error(
                "event=request_failed id={} fix=\"report this, it is a bug; the client was told this id\"", id, cause);
        return ApiError.INTERNAL.with("request_id", id);
    }

    /// The answer to a status that no error of ours stands for.
    static ApiException refused(int status) {
        String code = "http_" + status;
        HttpStatus.Code known = HttpStatus.getCode(status);
        String reason = known == null ? "refused" : known.getMessage().toLowerCase(Locale.ROOT);
        ObjectNode detail = Json.object();
        detail.put("error", code).put("code", code).put("message", "The request was refused: " + reason + ".");
        return new ApiException(status, detail);
    }

    private static String text(ApiException e) {
        return Json.write(e.body());
    }
}
