package partyline.app.stream;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiException;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.EventFilter;
import partyline.webhooks.EventTypes;

/// `/api/v1/imessage/events`: what happens, as it happens, for those whom no webhook reaches. Server-sent events, or
/// with `Accept: application/json` a long poll.
public final class EventRoutes {

    private static final String LAST = "Last-Event-ID";
    private static final int MOST = 200;
    private static final int USUAL = 100;
    /// How long a reader may have its answer wait.
    public static final int LONGEST_WAIT_SECONDS = 55;
    /// What webhooks tell, and a reader hears unless it names its own.
    private static final List<String> USUAL_TYPES = EventTypes.all().stream()
            .filter(type -> EventTypes.silent(List.of(type)).isEmpty())
            .toList();
    /// What only a reader that names it hears.
    private static final List<String> EXTRA_TYPES = List.of(
            "imessage.reaction_removed",
            "imessage.read",
            "imessage.typing",
            "message.updated",
            "message.edited",
            "message.unsent",
            "connection.created",
            "connection.released",
            "conversation.paused",
            "subscription.paused",
            "line.up",
            "line.down");

    private final EventStreams streams;
    private final Access access;

    public EventRoutes(EventStreams streams, Access access) {
        this.streams = streams;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/imessage/events", this::events, KEY);
    }

    private void events(Context ctx) {
        String accepted = Optional.ofNullable(ctx.header("Accept")).orElse("");
        if (accepted.contains("application/json") && !accepted.contains("text/event-stream")) {
            Duration patience = Duration.ofSeconds(Params.number(ctx, "wait", 0, 0, LONGEST_WAIT_SECONDS));
            int limit = Params.number(ctx, "limit", USUAL, 1, MOST);
            Answer.ok(ctx, streams.poll(wish(ctx), patience, limit));
        } else {
            streams.follow(ctx, wish(ctx));
        }
    }

    private EventStreams.Wish wish(Context ctx) {
        Caller caller = Access.caller(ctx);
        EventFilter filter = new EventFilter(
                caller.organization(), access.narrowed(ctx).map(Identity::id), types(ctx.queryParam("types")));
        return new EventStreams.Wish(filter, Access.key(ctx), caller.keyId(), after(ctx));
    }

    /// The header wins: a reader that reconnects repeats the address that it began with.
    private static OptionalLong after(Context ctx) {
        return Optional.ofNullable(ctx.header(LAST))
                .filter(text -> !text.isBlank())
                .map(text -> place(text, "id in the stream", wrong -> ValidationError.header(LAST, wrong)))
                .or(() -> Optional.ofNullable(ctx.queryParam("after"))
                        .map(text ->
                                place(text, "next of the last answer", wrong -> ValidationError.query("after", wrong))))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /// The place in the events that a client names; `known` is where it has such a number from.
    public static long place(String text, String known, Function<String, ApiException> refusal) {
        return number(text)
                .orElseThrow(() ->
                        refusal.apply("must be the number of an event%s: %s, or its seq; 0 is before the first"
                                .formatted(text.strip().startsWith("evt_") ? ", not its id" : "", known)));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip())).filter(number -> number >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Set<String> types(@Nullable String text) {
        if (text == null) {
            return Set.copyOf(USUAL_TYPES);
        }
        return known(Arrays.stream(text.split(",", -1)).map(String::strip));
    }

    /// The names of events, each of which there is.
    public static Set<String> known(Stream<String> names) {
        Set<String> types = names.collect(Collectors.toSet());
        types.stream()
                .filter(type -> !USUAL_TYPES.contains(type) && !EXTRA_TYPES.contains(type))
                .findFirst()
                .ifPresent(type -> {
                    throw ValidationError.query(
                            "types",
                            "has \"%s\", which is no event here; the names are %s, %s"
                                    .formatted(type, String.join(", ", USUAL_TYPES), String.join(", ", EXTRA_TYPES)));
                });
        return types;
    }
}
