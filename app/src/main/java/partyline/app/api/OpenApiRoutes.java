package partyline.app.api;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// `/openapi.json` and `/openapi.yaml`: what the API is. Made when somebody asks first, and let go when memory is
/// short.
public final class OpenApiRoutes {

    private final String version;
    private final Supplier<String> ownUrl;
    private final Page json = new Page("application/json", Json::write);
    private final Page yaml = new Page("application/yaml", OpenApiRoutes::yaml);

    /// `ownUrl` is where clients find the server.
    public OpenApiRoutes(String version, Supplier<String> ownUrl) {
        this.version = version;
        this.ownUrl = ownUrl;
    }

    public void register(RoutesConfig routes) {
        routes.get("/openapi.json", json::send, ANYBODY);
        routes.get("/openapi.yaml", yaml::send, ANYBODY);
    }

    private ObjectNode document() {
        ObjectNode document = OpenApi.document();
        ((ObjectNode) document.path("info")).put("version", version);
        document.putArray("servers").addObject().put("url", ownUrl.get()).put("description", "This server.");
        return document;
    }

    private static String yaml(JsonNode document) {
        return YAMLMapper.builder()
                .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .build()
                .writeValueAsString(document);
    }

    /// The document in one of its two languages.
    private final class Page {

        /// Its text, and what that version is called.
        private record Text(byte[] bytes, String tag) {

            private static Text of(String text) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                try {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                    return new Text(bytes, "\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"");
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private final String type;
        private final Function<JsonNode, String> language;
        private volatile SoftReference<Text> kept = new SoftReference<>(null);

        private Page(String type, Function<JsonNode, String> language) {
            this.type = type;
            this.language = language;
        }

        private void send(Context ctx) {
            Text text = text();
            ctx.header("ETag", text.tag());
            ctx.header("Cache-Control", "no-cache");
            if (Optional.ofNullable(ctx.header("If-None-Match"))
                    .filter(it -> it.contains(text.tag()))
                    .isPresent()) {
                ctx.status(304);
            } else {
                ctx.contentType(type).result(text.bytes());
            }
        }

        private synchronized Text text() {
            Text known = kept.get();
            if (known == null) {
                known = Text.of(language.apply(document()));
                kept = new SoftReference<>(known);
            }
            return known;
        }
    }
}
