package partyline.app.api;

import static partyline.app.http.Access.Role.ANYBODY;
import static partyline.app.http.Access.Role.OPERATOR;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.conversations.Conversations;
import partyline.kernel.Database;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Driver;
import partyline.transport.Line;
import partyline.transport.LineStatus;
import partyline.transport.Transport;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How the server and its lines are: `/healthz` and `/readyz` for whoever watches the process, `/api/v1/lines` for the
/// operator. Numbers of pool lines appear in none of them.
public final class LineRoutes {

    private static final String WRITABLE = "writable";

    private final Database database;
    private final Transport transport;
    private final Conversations conversations;
    private final BooleanSupplier quarantine;
    private final InstantSource clock;
    private final Access access;

    public LineRoutes(
            Database database,
            Transport transport,
            Conversations conversations,
            BooleanSupplier quarantine,
            InstantSource clock,
            Access access) {
        this.database = database;
        this.transport = transport;
        this.conversations = conversations;
        this.quarantine = quarantine;
        this.clock = clock;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get("/healthz", ctx -> ctx.contentType("text/plain").result("ok"), ANYBODY);
        routes.get("/readyz", this::ready, ANYBODY);
        routes.get("/api/v1/lines", this::lines, OPERATOR);
    }

    /// 200 when the database has room for writes and a router line is not down, else 503. Strangers hear which of the
    /// two is wrong; the operator's key hears more.
    private void ready(Context ctx) {
        List<LineStatus> lines = transport.lines().known();
        List<LineStatus> routers =
                lines.stream().filter(it -> it.line().is(Line.Role.ROUTER)).toList();
        boolean reachable = routers.stream().anyMatch(it -> it.known() && !it.down());
        boolean unknown = routers.stream().noneMatch(LineStatus::known);
        boolean ready = condition(database).equals(WRITABLE) && reachable;
        ObjectNode answer = Json.object();
        answer.put("ready", ready);
        answer.put("database", condition(database));
        answer.put("router", reachable ? "up" : unknown ? "unknown" : "down");
        if (access.presented(ctx).filter(it -> it.admin() && it.operator()).isPresent()) {
            answer.put("quarantine", quarantine.getAsBoolean());
            detail(answer, lines);
        }
        Answer.send(ctx, ready ? 200 : 503, answer);
    }

    /// Whether what is written gets on disk, in a word.
    static String condition(Database database) {
        return database.damage().isPresent() ? "damaged" : database.hasRoom() ? WRITABLE : "refuses writes";
    }

    /// How many lines are in each state.
    static ObjectNode counts(List<LineStatus> lines) {
        ObjectNode counts = Json.object();
        for (var state : Driver.Health.State.values()) {
            counts.put(
                    state.name().toLowerCase(Locale.ROOT),
                    lines.stream().filter(it -> it.health().state() == state).count());
        }
        return counts;
    }

    private void detail(ObjectNode answer, List<LineStatus> lines) {
        answer.set("lines", counts(lines));
        Optional<Instant> oldest =
                conversations.waitingSince().values().stream().min(Instant::compareTo);
        answer.put("oldest_undelivered_seconds", oldest.map(this::age).orElse(null));
    }

    private void lines(Context ctx) {
        Map<String, Instant> waiting = conversations.waitingSince();
        Answer.list(
                ctx,
                transport.lines().statuses(),
                status -> json(
                        status, Optional.ofNullable(waiting.get(status.line().id()))));
    }

    private ObjectNode json(LineStatus status, Optional<Instant> waiting) {
        Line line = status.line();
        ObjectNode json = Json.object();
        json.put("id", line.id());
        boolean told = line.is(Line.Role.ROUTER) || line.dedicated();
        json.put("number", told ? line.number().text() : null);
        json.put(
                "dedicated",
                line.terms().dedicated().map(it -> "@" + it.handle()).orElse(null));
        ArrayNode roles = json.putArray("roles");
        line.roles().stream()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .sorted()
                .forEach(roles::add);
        json.put("driver", line.driver());
        json.put("state", status.health().state().name().toLowerCase(Locale.ROOT));
        json.put(
                "detail",
                status.health().detail().isEmpty() ? null : status.health().detail());
        json.put("last_inbound_at", status.lastInbound().map(Timestamps::iso).orElse(null));
        json.put(
                "last_delivered_at", status.lastDelivered().map(Timestamps::iso).orElse(null));
        json.put("failures_in_a_row", status.failuresInARow());
        json.put("oldest_queued_seconds", waiting.map(this::age).orElse(null));
        ObjectNode dropped = json.putObject("dropped");
        status.dropped().forEach(dropped::put);
        json.putObject("pace")
                .put("sends_per_minute", line.terms().pace().sendsPerMinute())
                .put("new_people_per_hour", line.terms().pace().newPeoplePerHour())
                .put("new_people_per_day", line.terms().pace().newPeoplePerDay());
        return json;
    }

    private long age(Instant since) {
        return Math.max(0, Duration.between(since, clock.instant()).toSeconds());
    }
}
