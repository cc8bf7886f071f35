package partyline.app.mcp;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Which revision of the protocol a request speaks. Those up to 2025-11-25 begin with a handshake; the one of
/// 2026-07-28 has none: each request says its revision and its client's capabilities itself, and repeats in headers
/// what proxies look at, which must then agree.
enum Revision {
    HANDSHAKE,
    STATELESS;

    static final String NEWEST_WITH_HANDSHAKE = "2025-11-25";

    private static final String NEWEST = "2026-07-28";
    private static final List<String> WITH_HANDSHAKE =
            List.of(NEWEST_WITH_HANDSHAKE, "2025-06-18", "2025-03-26", "2024-11-05");
    private static final String META = "io.modelcontextprotocol/";
    private static final String VERSION_HEADER = "MCP-Protocol-Version";
    private static final String ENCODED = "=?base64?";

    /// Every revision that this server speaks, the newest first.
    static List<String> all() {
        return Stream.concat(Stream.of(NEWEST), WITH_HANDSHAKE.stream()).toList();
    }

    /// What a handshake comes to: the revision that the client asks for, or else the newest that has one.
    static String agreed(String asked) {
        return WITH_HANDSHAKE.contains(asked) ? asked : NEWEST_WITH_HANDSHAKE;
    }

    /// The key of `_meta` under which the protocol keeps `what`.
    static String meta(String what) {
        return META + what;
    }

    /// The revision of `request`, which keeps to its rules.
    static Revision of(Context ctx, RpcRequest request) {
        Optional<String> header = header(ctx, VERSION_HEADER);
        JsonNode named = request.meta().path(meta("protocolVersion"));
        if (named.isMissingNode()) {
            return unnamed(header, request);
        }
        if (!named.isString()) {
            throw missing("protocolVersion", "a string such as " + NEWEST);
        }
        String version = named.stringValue();
        if (WITH_HANDSHAKE.contains(version)
                && header.filter(it -> !it.equals(version)).isEmpty()) {
            return HANDSHAKE;
        }
        check(ctx, request, header, version);
        return STATELESS;
    }

    private static Revision unnamed(Optional<String> header, RpcRequest request) {
        if (header.isEmpty() || WITH_HANDSHAKE.contains(header.get())) {
            return HANDSHAKE;
        }
        if (!header.get().equals(NEWEST)) {
            throw RpcError.unsupportedRevision(header.get());
        }
        if (request.method().equals("initialize")) {
            throw RpcError.headerMismatch(
                    VERSION_HEADER + " names " + NEWEST + ", which has no initialize: ask server/discover.");
        }
        if (!request.notification()) {
            throw missing("protocolVersion", "the same as the header " + VERSION_HEADER);
        }
        return STATELESS;
    }

    private static void check(Context ctx, RpcRequest request, Optional<String> header, String version) {
        if (!request.meta().path(meta("clientCapabilities")).isObject()) {
            throw missing("clientCapabilities", "an object, which may be empty");
        }
        mirrored(VERSION_HEADER, header, version);
        if (!version.equals(NEWEST)) {
            throw RpcError.unsupportedRevision(version);
        }
        if (request.notification()) {
            return;
        }
        mirrored("Mcp-Method", header(ctx, "Mcp-Method"), request.method());
        JsonNode name = request.params().path("name");
        if (request.method().equals("tools/call") && name.isString()) {
            mirrored("Mcp-Name", header(ctx, "Mcp-Name").map(Revision::decoded), name.stringValue());
        }
    }

    private static void mirrored(String name, Optional<String> header, String said) {
        if (!header.equals(Optional.of(said))) {
            throw RpcError.headerMismatch("The header %s must say what the body says, %s; it %s."
                    .formatted(name, said, header.map(it -> "says " + it).orElse("is missing")));
        }
    }

    private static RpcError missing(String what, String shape) {
        return RpcError.invalidParams(400, "params._meta[\"" + meta(what) + "\"] must be " + shape + ".");
    }

    private static Optional<String> header(Context ctx, String name) {
        return Optional.ofNullable(ctx.header(name)).map(String::strip);
    }

    /// What no header can carry as it is comes as `=?base64?…?=`.
    private static String decoded(String value) {
        if (!value.startsWith(ENCODED) || !value.endsWith("?=")) {
            return value;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(value.substring(ENCODED.length(), value.length() - 2));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RpcError.headerMismatch("The header Mcp-Name is no Base64 between =?base64? and ?=.");
        }
    }
}
