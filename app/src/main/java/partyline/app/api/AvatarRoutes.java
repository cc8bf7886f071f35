package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.FilePart;
import partyline.app.http.ValidationError;
import partyline.identities.Identity;
import partyline.kernel.Json;
import partyline.media.Avatars;
import partyline.media.MediaFile;
import partyline.media.Opening;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/identities/{handle}/avatar`: the picture of an agent, which people get with its contact card.
public final class AvatarRoutes {

    private static final String AVATAR = "/api/v1/identities/{handle}/avatar";

    private final Avatars avatars;
    private final Access access;

    public AvatarRoutes(Avatars avatars, Access access) {
        this.avatars = avatars;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(AVATAR, this::get, KEY);
        routes.put(AVATAR, this::put, KEY);
        routes.delete(AVATAR, this::delete, KEY);
    }

    private void get(Context ctx) throws IOException {
        Opening.Found found = avatars.open(access.named(ctx).id()).orElseThrow(ApiError.NO_AVATAR::asException);
        send(ctx, found.file(), found.path());
    }

    private static void send(Context ctx, MediaFile file, Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            ctx.contentType(file.contentType());
            ctx.header("Content-Disposition", "inline; filename=\"" + file.name() + "\"");
            ctx.res().setContentLengthLong(file.size());
            if (!ctx.method().equals(HandlerType.HEAD)) {
                in.transferTo(ctx.res().getOutputStream());
            }
        } catch (NoSuchFileException e) {
            throw ApiError.NO_AVATAR.asException();
        }
    }

    private void put(Context ctx) throws IOException {
        Identity identity = access.named(ctx);
        try (FilePart part = FilePart.of(ctx.req(), Avatars.LARGEST, ApiError.AVATAR_TOO_LARGE)) {
            switch (avatars.put(Access.caller(ctx), identity.id(), part)) {
                case Avatars.Outcome.Stored stored -> Answer.ok(ctx, json(stored));
                case Avatars.Outcome.NoPicture() ->
                    throw ValidationError.body("file", "must be a picture, PNG or JPEG by its bytes");
                case Avatars.Outcome.TooManyPixels(int width, int height) ->
                    throw ValidationError.body(
                            "file",
                            "must have at most %d x %d pixels; this picture has %d x %d"
                                    .formatted(Avatars.LONGEST_SIDE, Avatars.LONGEST_SIDE, width, height));
                case Avatars.Outcome.TooLarge() -> throw ApiError.AVATAR_TOO_LARGE.asException();
                case Avatars.Outcome.QuotaExceeded() -> throw ApiError.MEDIA_QUOTA_EXCEEDED.asException();
                case Avatars.Outcome.NoIdentity() -> throw ApiError.IDENTITY_NOT_FOUND.asException();
            }
        }
    }

    private void delete(Context ctx) {
        avatars.delete(access.named(ctx).id());
        ctx.status(204);
    }

    private static ObjectNode json(Avatars.Outcome.Stored stored) {
        ObjectNode json = Json.object()
                .put("content_type", stored.file().contentType())
                .put("size", stored.file().size());
        if (!stored.onCard()) {
            json.putArray("notices")
                    .addObject()
                    .put("code", "avatar_not_on_card")
                    .put("level", "warning")
                    .put("message", "Contact cards carry pictures of at most 1 MiB (1,048,576 bytes): not this one.");
        }
        return json;
    }
}
