package partyline.app.api;

import static partyline.app.http.Access.Role.OPERATOR;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.app.stream.PhoneStreams;
import partyline.drivers.simulator.Fault;
import partyline.drivers.simulator.Simulator;
import partyline.drivers.simulator.TapbackOutcome;
import partyline.drivers.simulator.TextOutcome;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.outbound.Outbound;
import partyline.transport.Service;

/// `/simulator`: what people do on their simulated phones, what these show, and what is to go wrong. For the
/// operator alone, since it shows every tenant's conversations.
public final class SimulatorRoutes {

    private static final String ROOT = "/simulator";
    private static final String PHONE = ROOT + "/phones/{number}";
    private static final int LONGEST_TEXT = 20_000;
    private static final int LONGEST_URL = 2_048;
    private static final int LONGEST_NAME = 100;
    private static final int MOST_PARTS = 1_000;
    private static final int LONGEST_NUMBER = 100;
    private static final int MOST_NAMED = 20;
    private static final int MOST_TIMES = 1_000;
    private static final int LONGEST_DELAY = 60_000;
    private static final Set<String> FAULTS =
            Arrays.stream(Fault.Kind.values()).map(Fault.Kind::wire).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> SERVICES = Set.of("imessage", "rcs", "sms");

    private final Simulator simulator;
    private final PhoneStreams streams;

    public SimulatorRoutes(Simulator simulator, PhoneStreams streams) {
        this.simulator = simulator;
        this.streams = streams;
    }

    public void register(RoutesConfig routes) {
        routes.post(ROOT + "/messages", this::text, OPERATOR);
        routes.post(ROOT + "/tapbacks", this::tapback, OPERATOR);
        routes.post(ROOT + "/typing", this::typing, OPERATOR);
        routes.post(ROOT + "/read", this::read, OPERATOR);
        routes.post(ROOT + "/faults", this::arm, OPERATOR);
        routes.get(PHONE, this::phone, OPERATOR);
        routes.patch(PHONE, this::change, OPERATOR);
        routes.sse(PHONE + "/stream", client -> streams.open(client, Params.pathNumber(client.ctx())), OPERATOR);
    }

    private void text(Context ctx) {
        Body body = Body.of(ctx);
        Optional<String> media = body.textOrEmpty("media_url", LONGEST_URL).map(Outbound::normal);
        media.ifPresent(url -> MessageRoutes.checkUrl("media_url", url));
        TextOutcome outcome = simulator.text(
                body.number("from"),
                body.number("to"),
                body.textOrNull("text", LONGEST_TEXT),
                media.orElse(null),
                body.oneOf("send_style", MessageRoutes.STYLES).orElse(null));
        switch (outcome) {
            case TextOutcome.Sent(var id) -> Answer.created(ctx, Json.object().put("id", id));
            case TextOutcome.NoSuchLine() -> throw noSuchLine("to");
            case TextOutcome.Nothing() -> throw ValidationError.body("text", "is missing: give text or media_url");
        }
    }

    private void tapback(Context ctx) {
        Body body = Body.of(ctx);
        boolean remove = body.flag("remove", false);
        TapbackOutcome outcome = simulator.tapback(
                body.number("from"),
                new Simulator.Tapback(
                        body.text("message_id", LONGEST_NAME),
                        remove
                                ? body.textOrEmpty("reaction", LONGEST_NAME).orElse("")
                                : body.text("reaction", LONGEST_NAME),
                        body.textOrNull("custom_emoji", LONGEST_NAME),
                        body.count("part_index", 0, MOST_PARTS),
                        remove));
        switch (outcome) {
            case TapbackOutcome.Done() -> ctx.status(204);
            case TapbackOutcome.NoSuchBubble() ->
                throw ApiError.NOT_FOUND.asException("This phone shows no bubble with that message_id.", Map.of());
            case TapbackOutcome.BadReaction(var detail) ->
                throw ValidationError.body("reaction", "is wrong: " + detail);
        }
    }

    private void typing(Context ctx) {
        Body body = Body.of(ctx);
        PhoneNumber from = body.number("from");
        PhoneNumber to = body.number("to");
        boolean typing = Body.required("typing", body.flag("typing"));
        if (!simulator.typing(from, to, typing)) {
            throw noSuchLine("to");
        }
        ctx.status(204);
    }

    private void read(Context ctx) {
        Body body = Body.of(ctx);
        if (!simulator.read(body.number("from"), body.number("to"))) {
            throw noSuchLine("to");
        }
        ctx.status(204);
    }

    private void phone(Context ctx) {
        Answer.ok(ctx, simulator.phone(Params.pathNumber(ctx), ctx.queryParam("after")));
    }

    private void change(Context ctx) {
        PhoneNumber number = Params.pathNumber(ctx);
        Body body = Body.of(ctx);
        simulator.change(
                number,
                body.oneOf("service", SERVICES).map(Service::of).orElse(null),
                body.flag("online").orElse(null),
                body.flag("reads").orElse(null));
        Answer.ok(ctx, simulator.phone(number, null));
    }

    /// Lets the next things on simulated lines go wrong.
    private void arm(Context ctx) {
        Body body = Body.of(ctx);
        Fault.Kind kind = Body.required("kind", body.oneOf("kind", FAULTS).map(Fault.Kind::of));
        Duration delay = Duration.ofMillis(body.count("delay_ms", 0, LONGEST_DELAY));
        if (kind == Fault.Kind.DELAY && delay.isZero()) {
            throw ValidationError.body("delay_ms", "is required with the kind delay");
        }
        Fault fault = new Fault(
                body.textOrEmpty("line", LONGEST_NUMBER).map(text -> Body.number("line", text)),
                kind,
                body.number("times", 1, 1, MOST_TIMES),
                delay);
        if (!simulator.fault(fault)) {
            throw noSuchLine("line");
        }
        ctx.status(204);
    }

    private ApiException noSuchLine(String field) {
        List<PhoneNumber> numbers = simulator.numbers();
        String some = numbers.stream().limit(MOST_NAMED).map(PhoneNumber::text).collect(Collectors.joining(", "));
        return ValidationError.body(
                field,
                "is no number of a simulated line: give one of " + some + (numbers.size() > MOST_NAMED ? ", …" : ""));
    }
}
