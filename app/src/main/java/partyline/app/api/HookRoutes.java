package partyline.app.api;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.app.http.ApiError;
import partyline.app.http.Bodies;
import partyline.transport.Line;
import partyline.transport.Transport;
import partyline.transport.WebhookReceiver;

/// `/hooks`: where the services behind real lines bring their news. The secret in the path is the key.
public final class HookRoutes {

    private static final String LINE = "/hooks/{line_id}/{secret}";

    private final Transport transport;

    public HookRoutes(Transport transport) {
        this.transport = transport;
    }

    public void register(RoutesConfig routes) {
        routes.post(LINE, this::hook, ANYBODY);
        routes.post(LINE + "/{kind}", this::hook, ANYBODY);
    }

    /// The address of a line, below the server's own.
    public static String path(Line line, String secret) {
        return "/hooks/" + line.id() + "/" + secret;
    }

    /// Reads nothing before it knows the line and the secret.
    private void hook(Context ctx) {
        if (!transport.expects(ctx.pathParam("line_id"), ctx.pathParam("secret"))) {
            throw ApiError.NOT_FOUND.asException();
        }
        WebhookReceiver.Answer answer = Bodies.read(ctx, body -> answer(ctx, body));
        ctx.status(answer.status()).contentType(answer.contentType()).result(answer.body());
    }

    private WebhookReceiver.Answer answer(Context ctx, byte[] body) {
        WebhookReceiver.Request request = new WebhookReceiver.Request(
                Optional.ofNullable(ctx.pathParamMap().get("kind")).orElse(""),
                Optional.ofNullable(ctx.queryString()).orElse(""),
                headers(ctx),
                body);
        return transport
                .hook(ctx.pathParam("line_id"), ctx.pathParam("secret"), request)
                .orElseThrow(ApiError.NOT_FOUND::asException);
    }

    private static Map<String, String> headers(Context ctx) {
        return ctx.headerMap().entrySet().stream()
                .collect(Collectors.toMap(
                        it -> it.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (first, _) -> first));
    }
}
