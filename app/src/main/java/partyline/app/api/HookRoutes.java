package partyline.app.api;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.http.ApiError;
import partyline.app.http.Bodies;
import partyline.kernel.FileName;
import partyline.transport.Attachments.Attachment;
import partyline.transport.FileExchange;
import partyline.transport.Line;
import partyline.transport.Transport;
import partyline.transport.WebhookReceiver;

/// `/hooks`: where the services behind real lines bring their news, and some of them files, and fetch ours. The secret
/// in the path is the key.
public final class HookRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(HookRoutes.class);
    private static final String LINE = "/hooks/{line_id}/{secret}";

    private final Transport transport;

    public HookRoutes(Transport transport) {
        this.transport = transport;
    }

    public void register(RoutesConfig routes) {
        routes.post(LINE, this::hook, ANYBODY);
        routes.post(LINE + "/{kind}", this::hook, ANYBODY);
        routes.get(LINE + "/" + FileExchange.MEDIA + "/{name}", this::give, ANYBODY);
    }

    /// The address of a line, below the server's own.
    public static String path(Line line, String secret) {
        return "/hooks/" + line.id() + "/" + secret;
    }

    /// Reads nothing before it knows the line and the secret. A file goes to the disk as it comes.
    private void hook(Context ctx) throws IOException {
        String line = ctx.pathParam("line_id");
        String secret = ctx.pathParam("secret");
        if (!transport.expects(line, secret)) {
            throw ApiError.NOT_FOUND.asException();
        }
        Optional<WebhookReceiver.Answer> answer = transport.bringsFile(line, kind(ctx))
                ? transport.bring(
                        line, secret, request(ctx, new byte[0]), ctx.req().getInputStream())
                : Bodies.read(ctx, body -> transport.hook(line, secret, request(ctx, body)));
        WebhookReceiver.Answer told = answer.orElseThrow(ApiError.NOT_FOUND::asException);
        ctx.status(told.status()).contentType(told.contentType()).result(told.body());
    }

    private void give(Context ctx) throws IOException {
        Attachment file;
        try {
            file = transport
                    .give(ctx.pathParam("line_id"), ctx.pathParam("secret"), ctx.pathParam("name"))
                    .orElseThrow(ApiError.NOT_FOUND::asException);
        } catch (IOException e) {
            LOG.info("event=line_file_not_given line={} cause=\"{}\"", ctx.pathParam("line_id"), e.getMessage());
            ctx.status(503).contentType("text/plain").result("the file cannot be had now: try again");
            return;
        }
        try (file) {
            ctx.contentType(file.contentType());
            ctx.header("Content-Disposition", FileName.header("attachment", plain(file.name()), file.name()));
            if (file.size() >= 0) {
                ctx.res().setContentLengthLong(file.size());
            }
            file.body().transferTo(ctx.res().getOutputStream());
        }
    }

    /// The name for programs that read ASCII alone.
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._ -]", "_");
    }

    private static WebhookReceiver.Request request(Context ctx, byte[] body) {
        return new WebhookReceiver.Request(
                kind(ctx), Optional.ofNullable(ctx.queryString()).orElse(""), headers(ctx), body);
    }

    private static String kind(Context ctx) {
        return Optional.ofNullable(ctx.pathParamMap().get("kind")).orElse("");
    }

    private static Map<String, String> headers(Context ctx) {
        return ctx.headerMap().entrySet().stream()
                .collect(Collectors.toMap(
                        it -> it.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (first, _) -> first));
    }
}
