package partyline.app.mcp;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.OwnHosts;
import partyline.app.stream.EventRoutes;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/mcp`: the Model Context Protocol over Streamable HTTP. Each message is answered by itself, in JSON, and nothing is
/// kept between two: no session, no stream of the server's own. So whatever a client needs to go on, such as a cursor,
/// it has from a result, and it goes on after a restart, too.
///
/// Thread-safe.
public final class McpRoutes {

    private static final int MOST_AT_ONCE = 20;
    /// From so many characters of answers on, or after so long, what is left of a batch is refused: all that came
    /// before is held meanwhile.
    private static final int LARGEST_BATCH = 1_024 * 1_024;

    private static final Duration LONGEST_BATCH = Duration.ofSeconds(EventRoutes.LONGEST_WAIT_SECONDS);
    private static final int CACHED_MILLIS = 300_000;

    private final OwnHosts hosts;
    private final String version;
    private final Supplier<Tools> make;
    private @Nullable Tools tools;

    /// `make` runs at the first request.
    public McpRoutes(OwnHosts hosts, String version, Supplier<Tools> make) {
        this.hosts = hosts;
        this.version = version;
        this.make = make;
    }

    public void register(RoutesConfig routes) {
        routes.post("/mcp", this::post, KEY);
    }

    private void post(Context ctx) {
        hosts.checkOrigin(ctx);
        JsonNode id = Json.object();
        try {
            JsonNode message = read(ctx);
            if (message.isArray()) {
                batch(ctx, message);
                return;
            }
            id = message.path("id");
            send(ctx, answer(ctx, RpcRequest.of(message)));
        } catch (RpcError e) {
            Answer.send(ctx, e.status(), e.answer(id));
        }
    }

    private static JsonNode read(Context ctx) {
        try {
            return Body.json(ctx);
        } catch (ApiException e) {
            if (e.status() != 422) {
                throw e;
            }
            throw RpcError.noJson(Refusal.sentence(e));
        }
    }

    /// Several messages at once, which revisions of before mid-2025 know: one after the other.
    private void batch(Context ctx, JsonNode messages) {
        if (messages.isEmpty() || messages.size() > MOST_AT_ONCE) {
            throw RpcError.invalidRequest("Post 1 to " + MOST_AT_ONCE + " messages at once, or better each by itself.");
        }
        ArrayNode answers = Json.array();
        long begun = System.nanoTime();
        int size = 0;
        for (JsonNode message : messages) {
            try {
                RpcRequest request = RpcRequest.of(message);
                boolean full = size > LARGEST_BATCH || System.nanoTime() - begun > LONGEST_BATCH.toNanos();
                if (full && !request.notification()) {
                    throw RpcError.invalidRequest(
                            "Nothing was done: the answers before this one are as much, or took as"
                                    + " long, as those of one post may. Post it by itself.");
                }
                Optional<ObjectNode> answer = answer(ctx, request);
                size += answer.map(it -> Json.write(it).length()).orElse(0);
                answer.ifPresent(answers::add);
            } catch (RpcError e) {
                answers.add(e.answer(message.path("id")));
            }
        }
        send(ctx, answers.isEmpty() ? Optional.empty() : Optional.of(answers));
    }

    private static void send(Context ctx, Optional<? extends JsonNode> answer) {
        answer.ifPresentOrElse(json -> Answer.ok(ctx, json), () -> ctx.status(202));
    }

    private Optional<ObjectNode> answer(Context ctx, RpcRequest request) {
        Revision revision = Revision.of(ctx, request);
        if (request.notification()) {
            return Optional.empty();
        }
        ObjectNode result = switch (revision) {
            case HANDSHAKE -> withHandshake(ctx, request);
            case STATELESS -> stateless(ctx, request);
        };
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        answer.set("id", request.id());
        return Optional.of(answer.set("result", result));
    }

    private ObjectNode withHandshake(Context ctx, RpcRequest request) {
        return switch (request.method()) {
            case "initialize" -> welcome(request);
            case "ping" -> Json.object();
            case "tools/list" -> list();
            case "tools/call" -> call(ctx, request);
            default -> throw unknown(200, "initialize, ping, tools/list and tools/call");
        };
    }

    private ObjectNode stateless(Context ctx, RpcRequest request) {
        ObjectNode result = switch (request.method()) {
            case "server/discover" -> cached(discovered());
            case "tools/list" -> cached(list());
            case "tools/call" -> call(ctx, request);
            default -> throw unknown(404, "server/discover, tools/list and tools/call");
        };
        result.put("resultType", "complete");
        result.putObject("_meta").set(Revision.meta("serverInfo"), server());
        return result;
    }

    private ObjectNode welcome(RpcRequest request) {
        JsonNode asked = request.params().path("protocolVersion");
        ObjectNode result = Json.object().put("protocolVersion", Revision.agreed(asked.asString("")));
        result.set("serverInfo", server());
        return described(result);
    }

    private ObjectNode discovered() {
        ObjectNode result = Json.object();
        Revision.all().forEach(result.putArray("supportedVersions")::add);
        return described(result);
    }

    private ObjectNode described(ObjectNode result) {
        result.putObject("capabilities").putObject("tools");
        return result.put("instructions", tools().catalog().instructions());
    }

    private ObjectNode server() {
        return Json.object().put("name", "partyline").put("title", "Partyline").put("version", version);
    }

    private ObjectNode list() {
        ObjectNode result = Json.object();
        result.set("tools", tools().catalog().list());
        return result;
    }

    /// What depends on nothing but the version of the server.
    private static ObjectNode cached(ObjectNode result) {
        return result.put("ttlMs", CACHED_MILLIS).put("cacheScope", "private");
    }

    private ObjectNode call(Context ctx, RpcRequest request) {
        JsonNode arguments = request.params().path("arguments");
        if (!arguments.isMissingNode() && !arguments.isNull() && !arguments.isObject()) {
            throw RpcError.invalidParams(200, "params.arguments must be an object.");
        }
        Body body = new Body(arguments.isObject() ? arguments : Json.object());
        return tools().call(
                        Access.caller(ctx),
                        Access.key(ctx),
                        request.params().path("name").asString(""),
                        body);
    }

    private static RpcError unknown(int status, String known) {
        return RpcError.unknownMethod(status, "There is no such method here: there are " + known + ".");
    }

    private synchronized Tools tools() {
        if (tools == null) {
            tools = make.get();
        }
        return tools;
    }
}
