package partyline.app.pages;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import partyline.app.http.ApiError;

/// Files of the pages, as they lie in the jar.
final class WebFiles {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private WebFiles() {}

    /// Answers with `body` as a file of this name's type, which a page may load under `policy`.
    ///
    /// 404 for a name that no file of a page has.
    static void send(Context ctx, String name, String policy, String body) {
        ctx.header("Content-Security-Policy", policy);
        ctx.header("Cache-Control", "no-cache");
        ctx.contentType(TYPES.get(ending(name))).result(body);
    }

    /// The text of `/folder/name` in the jar, or 404.
    static String text(String folder, String name) {
        if (!name.matches("[a-z-]+(\\.module)?\\.[a-z]+") || !TYPES.containsKey(ending(name))) {
            throw ApiError.NOT_FOUND.asException();
        }
        try (InputStream in = WebFiles.class.getResourceAsStream("/" + folder + "/" + name)) {
            if (in == null) {
                throw ApiError.NOT_FOUND.asException();
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
