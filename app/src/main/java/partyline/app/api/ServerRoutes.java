package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import partyline.app.config.DataFolder;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.conversations.Conversations;
import partyline.identities.Caller;
import partyline.kernel.Backlog;
import partyline.kernel.Database;
import partyline.kernel.EventLog;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Transport;
import partyline.webhooks.Subscriptions;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/`, which says what this server is, and `/api/v1/server`: how it and an organization's work on it do. May be
/// asked every few seconds: nothing is counted to its end.
public final class ServerRoutes {

    private static final String CONSOLE = "console";
    private static final int MINUTES = 60;

    private final String version;
    private final EventLog events;
    private final Conversations conversations;
    private final Subscriptions subscriptions;
    private final Transport transport;
    private final Database database;
    private final DataFolder folder;
    private final InstantSource clock;
    private final Instant startedAt;

    public ServerRoutes(
            String version,
            EventLog events,
            Conversations conversations,
            Subscriptions subscriptions,
            Transport transport,
            Database database,
            DataFolder folder,
            InstantSource clock) {
        this.version = version;
        this.events = events;
        this.conversations = conversations;
        this.subscriptions = subscriptions;
        this.transport = transport;
        this.database = database;
        this.folder = folder;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    public void register(RoutesConfig routes) {
        routes.get("/", this::front, ANYBODY);
        routes.get("/api/v1/server", this::status, ADMIN);
    }

    /// Browsers are led to the console, by an address that also works below a path of a proxy.
    private void front(Context ctx) {
        String accepted = ctx.header("Accept");
        if (accepted != null && accepted.contains("text/html")) {
            ctx.header("Location", CONSOLE).status(HttpStatus.FOUND);
            return;
        }
        Answer.ok(
                ctx,
                Json.object()
                        .put("name", "Partyline")
                        .put("version", version)
                        .put("docs", "docs")
                        .put("api", "openapi.json")
                        .put(CONSOLE, CONSOLE));
    }

    private void status(Context ctx) {
        Caller caller = Access.caller(ctx);
        Instant now = clock.instant();
        ObjectNode json = Json.object();
        json.put("version", version);
        json.put("quarantine", folder.isInQuarantine());
        json.put("started_at", Timestamps.iso(startedAt));
        json.put("uptime_seconds", seconds(startedAt, now));
        json.put(
                "simulator",
                transport.lines().all().stream().anyMatch(it -> it.driver().equals("simulator")));
        json.put(
                "router_number",
                transport.lines().router().map(it -> it.number().text()).orElse(null));
        ArrayNode minutes = json.putArray("events_per_minute");
        for (OptionalInt count : events.perMinute(caller.organization(), now, MINUTES)) {
            count.ifPresentOrElse(minutes::add, minutes::addNull);
        }
        json.set("messages_waiting", json(conversations.backlog(caller.organization()), now));
        json.set("webhooks_waiting", json(subscriptions.backlog(caller), now));
        Subscriptions.ReceiverCounts receivers = subscriptions.counts(caller.organization());
        json.putObject("subscriptions")
                .put("active", receivers.active())
                .put("failing", receivers.failing())
                .put("paused", receivers.paused());
        json.set("operator", caller.operator() ? operator() : null);
        Answer.ok(ctx, json);
    }

    private ObjectNode operator() {
        DataFolder.Sizes sizes = folder.sizes();
        return Json.object()
                .put("database", LineRoutes.condition(database))
                .put("disk_free_bytes", sizes.free())
                .put("database_bytes", sizes.database())
                .put("log_bytes", sizes.log())
                .set("lines", LineRoutes.counts(transport.lines().known()));
    }

    /// What waits, as the wire shows it at `now`.
    static ObjectNode json(Backlog backlog, Instant now) {
        return Json.object()
                .put("count", backlog.count())
                .put(
                        "oldest_seconds",
                        backlog.oldest().map(it -> seconds(it, now)).orElse(null));
    }

    private static long seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds());
    }
}
