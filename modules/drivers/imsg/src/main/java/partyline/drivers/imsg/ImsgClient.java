package partyline.drivers.imsg;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.HealthCheck;
import partyline.kernel.Json;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The imsg of a line: a process that is started when somebody needs it, and again when it ended, ever more seldom
/// while it does not last. What it can do, and how it is, it says at its start and whenever it is asked. Thread-safe.
final class ImsgClient implements AutoCloseable {

    /// What imsg said last. `methods` are what it can do now; `emoji` is whether a tapback may be any emoji.
    record Seen(Health health, Set<String> methods, boolean bridge, boolean emoji) {

        boolean can(String method) {
            return methods.contains(method);
        }
    }

    /// For what it answers out of hand.
    static final Duration QUICK = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(ImsgClient.class);
    private static final int PROTOCOL = 1;
    private static final Duration START = Duration.ofSeconds(25);
    private static final Duration LASTS = Duration.ofMinutes(1);
    private static final List<Duration> AGAIN = List.of(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1));

    private final LineSetup setup;
    private final ImsgSettings settings;
    private final BiConsumer<String, JsonNode> news;
    private final ReentrantLock starting = new ReentrantLock();
    private final ReentrantLock changing = new ReentrantLock(true);
    private volatile @Nullable ImsgProcess process;
    private volatile Seen seen;
    private volatile boolean hearing;
    private volatile boolean closed;
    private volatile int starts;
    private Instant startedAt = Instant.MIN;
    private Instant due = Instant.MIN;
    private int failures;
    private volatile boolean hadBridge;

    ImsgClient(LineSetup setup, ImsgSettings settings, BiConsumer<String, JsonNode> news) {
        this.setup = setup;
        this.settings = settings;
        this.news = news;
        this.seen = new Seen(new Health(State.UNKNOWN, "It has not been tried yet."), Set.of(), false, false);
    }

    Seen seen() {
        return seen;
    }

    /// How often it was started: another number, another process.
    int starts() {
        return starts;
    }

    /// Whether there never was a bridge, as far as imsg could be asked.
    boolean neverHadBridge() {
        return starts > 0 && !hadBridge;
    }

    ImsgReply call(String method, ObjectNode params, Duration patience) {
        ImsgProcess running = running();
        if (running == null) {
            return new ImsgReply.Unsent(seen.health().detail());
        }
        ImsgReply reply = running.call(method, params, patience);
        boolean blocked = reply instanceof ImsgReply.Failed failed && failed.code() == ImsgReply.Failed.BLOCKED;
        if (running.isAlive() && (blocked || reply instanceof ImsgReply.NoAnswer)) {
            LOG.warn(
                    "event=imsg_stuck line={} method={} fix=\"it is started anew; if this goes on, look at the Mac\"",
                    setup.id(),
                    method);
            running.close();
        }
        return reply;
    }

    /// Has it change something. imsg does that one after the other, and goes through with what it took even where its
    /// caller has gone: so it never gets more than one at a time, and who comes meanwhile waits here, for `turn` at
    /// most.
    ImsgReply change(String method, ObjectNode params, Duration turn, Duration patience) {
        return inTurn(turn, () -> call(method, params, patience));
    }

    /// The same for something of several calls.
    ImsgReply inTurn(Duration turn, Supplier<ImsgReply> change) {
        try {
            if (!changing.tryLock(turn.toMillis(), TimeUnit.MILLISECONDS)) {
                return new ImsgReply.Unsent("it is busy with what came before");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ImsgReply.Unsent("interrupted");
        }
        try {
            return change.get();
        } finally {
            changing.unlock();
        }
    }

    /// Asks how it is, and begins to hear where that did not work before.
    Seen refresh() {
        ImsgReply reply = call("status", Json.object(), QUICK);
        reply.result().ifPresent(this::told);
        return seen;
    }

    /// Has it tell of news from now on, unless it does.
    void hear() {
        if (!hearing && seen.can("watch.subscribe")) {
            ObjectNode everything = Json.object().put("include_reactions", true);
            hearing = call("watch.subscribe", everything, QUICK).result().isPresent();
            if (seen.can("bridge.events.subscribe")) {
                call("bridge.events.subscribe", Json.object(), QUICK);
            }
        }
    }

    /// It told that it tells no more.
    void deaf() {
        hearing = false;
    }

    @Override
    public void close() {
        closed = true;
        ImsgProcess running = process;
        if (running != null) {
            running.close();
        }
    }

    private @Nullable ImsgProcess running() {
        ImsgProcess known = process;
        if (known != null && known.isAlive()) {
            return known;
        }
        starting.lock();
        try {
            return restarted();
        } finally {
            starting.unlock();
        }
    }

    private @Nullable ImsgProcess restarted() {
        ImsgProcess known = process;
        if (known != null && known.isAlive()) {
            return known;
        }
        if (known != null) {
            process = null;
            failures = startedAt.plus(LASTS).isBefore(setup.now()) ? 0 : failures;
            lost(ended(known));
            known.close();
        }
        return closed || due.isAfter(setup.now()) ? null : begin();
    }

    private @Nullable ImsgProcess begin() {
        ImsgProcess fresh;
        try {
            fresh = ImsgProcess.start(setup.id(), settings.rpc(), news);
        } catch (IOException e) {
            lost(
                    settings.host().isPresent()
                            ? "ssh cannot be started: install it"
                            : "imsg cannot be started: install it on this Mac, or correct imsg.command");
            return null;
        }
        process = closed ? null : fresh;
        ImsgReply hello = fresh.call("initialize", Json.object().put("protocol_version", PROTOCOL), START);
        if (hello instanceof ImsgReply.Answered(JsonNode status) && !closed) {
            LOG.info(
                    "event=imsg_started line={} version={}",
                    setup.id(),
                    status.path("version").asString("?"));
            startedAt = setup.now();
            starts++;
            hearing = false;
            told(status);
            hear();
            return fresh;
        }
        process = null;
        boolean silent = fresh.isAlive();
        fresh.close();
        lost(
                hello instanceof ImsgReply.Failed
                        ? "imsg is older than 0.14, or speaks another protocol: update it (brew upgrade imsg)"
                        : silent
                                ? "imsg starts and says nothing: run `imsg status` on the Mac to see why"
                                : ended(fresh));
        return null;
    }

    private void lost(String why) {
        due = setup.now().plus(AGAIN.get(Math.min(failures, AGAIN.size() - 1)));
        failures++;
        Seen before = seen;
        seen = new Seen(HealthCheck.down(why + "."), before.methods(), before.bridge(), before.emoji());
    }

    /// Why, as far as one can tell.
    private String ended(ImsgProcess gone) {
        int code = gone.exitCode();
        String words = gone.lastWords().isEmpty() ? "" : " (" + gone.lastWords() + ")";
        if (settings.host().isEmpty()) {
            return "imsg ended with code " + code + words + ": run `" + settings.command() + " rpc` by hand to see why";
        }
        return switch (code) {
            case 255 ->
                "ssh does not get to the Mac" + words
                        + ": wake it, or mend it until `ssh HOST true` works for this user without a question";
            case 126, 127 ->
                "imsg is not there on the Mac" + words
                        + ": install it, or set imsg.command to its whole path, such as /opt/homebrew/bin/imsg";
            default -> "imsg on the Mac ended with code " + code + words + ": run it there by hand to see why";
        };
    }

    private void told(JsonNode status) {
        Set<String> methods =
                status.path("methods").valueStream().map(it -> it.asString("")).collect(Collectors.toUnmodifiableSet());
        boolean bridge =
                settings.bridge() && status.path("bridge").path("ready").asBoolean(false);
        boolean emoji = status.path("capabilities")
                        .path("features")
                        .path("tapback.emoji")
                        .asInt(0)
                >= 2;
        hadBridge |= bridge;
        seen = new Seen(health(status, bridge), methods, bridge, bridge && emoji);
    }

    private Health health(JsonNode status, boolean bridge) {
        if (!status.path("database").path("ready").asBoolean(false)) {
            return HealthCheck.down("imsg cannot read the Mac's messages: give Full Disk Access to what starts it, "
                    + "as docs/lines/imsg.md says.");
        }
        if (!status.path("methods").valueStream().anyMatch(it -> it.asString("").equals("send"))) {
            return HealthCheck.down("This imsg cannot send, as on Linux: run it on a Mac.");
        }
        return hadBridge && !bridge
                ? HealthCheck.degraded("imsg lost its bridge into Messages, so there are only plain texts and files: "
                        + "run `imsg launch` on the Mac.")
                : Health.UP;
    }
}
