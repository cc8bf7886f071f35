package partyline.app.api;

import static partyline.app.http.Access.Role.ANYBODY;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.ByteRange;
import partyline.app.http.FilePart;
import partyline.app.http.ValidationError;
import partyline.kernel.FileName;
import partyline.kernel.Json;
import partyline.media.MediaFailure;
import partyline.media.MediaFile;
import partyline.media.MediaFiles;
import partyline.media.NewFile;
import partyline.media.Opening;
import partyline.media.StoreOutcome;
import tools.jackson.databind.node.ObjectNode;

/// Files: agents upload them with their key; whoever has the address of one gets it.
public final class MediaRoutes {

    private static final String UPLOAD = "/api/v1/imessage/media";
    private static final String FILE = "/media/{token}/{name}";
    private static final long LARGEST = 10 << 20;
    private static final int BUFFER = 16 * 1_024;
    private static final Pattern ACTIVE = Pattern.compile(
            "\\.(x?html?|xht|mht(ml)?|svgz?|xml|xsl|js|hta|bat|cmd|com|exe|lnk|url)$", Pattern.CASE_INSENSITIVE);
    private static final String NOTHING_FOREIGN =
            "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

    private final MediaFiles media;

    public MediaRoutes(MediaFiles media) {
        this.media = media;
    }

    public void register(RoutesConfig routes) {
        routes.post(UPLOAD, this::upload, KEY);
        routes.get(FILE, this::get, ANYBODY);
        routes.head(FILE, this::get, ANYBODY);
    }

    private void upload(Context ctx) throws IOException {
        try (FilePart part = FilePart.of(ctx.req(), LARGEST, ApiError.MEDIA_TOO_LARGE)) {
            NewFile file = new NewFile(Access.caller(ctx).organization(), part.name(), part.type(), part, LARGEST);
            Answer.created(ctx, keep(file));
        }
    }

    /// Keeps a file, whichever way it came, and says where it is.
    public ObjectNode keep(NewFile file) throws IOException {
        return switch (media.store(file)) {
            case StoreOutcome.Stored(var stored) ->
                Json.object()
                        .put("media_url", media.url(stored))
                        .put("content_type", stored.contentType())
                        .put("size", stored.size())
                        .put("name", stored.title().orElse(null));
            case StoreOutcome.Refused(var why) -> throw refusal(why);
            case StoreOutcome.NotYet(var why) -> throw refusal(why);
        };
    }

    private static ApiException refusal(MediaFailure why) {
        return switch (why) {
            case EMPTY -> ValidationError.body("file", "must not be empty");
            case TOO_LARGE -> ApiError.MEDIA_TOO_LARGE.asException();
            case QUOTA_EXCEEDED -> ApiError.MEDIA_QUOTA_EXCEEDED.asException();
            case TIMED_OUT, UNAVAILABLE, ADDRESS_REFUSED, SENDER_BLOCKED ->
                throw new IllegalStateException("no upload fails like this: " + why);
        };
    }

    private void get(Context ctx) throws IOException {
        switch (media.open(ctx.pathParam("token"), ctx.pathParam("name"))) {
            case Opening.Found(var file, var path) -> send(ctx, file, path);
            case Opening.Gone() -> throw ApiError.MEDIA_GONE.asException();
            case Opening.Unknown() -> throw ApiError.NOT_FOUND.asException();
        }
    }

    private static void send(Context ctx, MediaFile file, Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            head(ctx, file);
            // Without a way to say which version a part belongs to, a conditional range gets the whole.
            String wish = ctx.header("If-Range") == null ? ctx.header("Range") : null;
            Optional<ByteRange> range = ByteRange.of(wish, file.size());
            range.ifPresent(part -> {
                ctx.status(part.length() == 0 ? 416 : 206);
                ctx.header("Content-Range", part.of(file.size()));
            });
            ByteRange sent = range.orElse(new ByteRange(0, file.size()));
            ctx.res().setContentLengthLong(sent.length());
            if (sent.length() > 0 && !ctx.method().equals(HandlerType.HEAD)) {
                copy(in, sent, ctx.res().getOutputStream());
            }
        } catch (NoSuchFileException e) {
            throw ApiError.MEDIA_GONE.asException();
        }
    }

    /// A name that would make a program of a picture, once it is saved, gets the ending of what the file is.
    private static String harmless(MediaFile file, String name) {
        if (!file.inline() || !ACTIVE.matcher(name).find()) {
            return name;
        }
        String ending = "." + file.contentType().replaceFirst(".*/", "");
        return name + (ACTIVE.matcher(ending).find() ? ".bin" : ending);
    }

    private static void head(Context ctx, MediaFile file) {
        ctx.contentType(file.contentType());
        ctx.header(
                "Content-Disposition",
                FileName.header(
                        file.inline() ? "inline" : "attachment",
                        harmless(file, file.name()),
                        harmless(file, file.shownName())));
        ctx.header("Content-Security-Policy", NOTHING_FOREIGN);
        ctx.header("Cache-Control", "private, max-age=3600");
        ctx.header("Accept-Ranges", "bytes");
    }

    private static void copy(InputStream in, ByteRange range, OutputStream out) throws IOException {
        in.skipNBytes(range.start());
        byte[] buffer = new byte[BUFFER];
        long left = range.length();
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                return;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }
}
