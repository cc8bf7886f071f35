package partyline.app.api;

import static partyline.app.http.Access.Role.OPERATOR;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.app.http.Body;
import partyline.app.http.ValidationError;
import partyline.drivers.simulator.Fault;
import partyline.drivers.simulator.Simulator;
import partyline.kernel.PhoneNumber;

/// `/simulator/faults`: lets the next things on simulated lines go wrong.
public final class FaultRoutes {

    private static final Set<String> KINDS =
            Arrays.stream(Fault.Kind.values()).map(Fault.Kind::wire).collect(Collectors.toUnmodifiableSet());
    private static final int MOST_TIMES = 1_000;
    private static final int LONGEST_DELAY = 60_000;
    private static final int LONGEST_NUMBER = 100;

    private final Simulator simulator;

    public FaultRoutes(Simulator simulator) {
        this.simulator = simulator;
    }

    public void register(RoutesConfig routes) {
        routes.post("/simulator/faults", this::arm, OPERATOR);
    }

    private void arm(Context ctx) {
        Body body = Body.of(ctx);
        Fault.Kind kind = body.oneOf("kind", KINDS)
                .map(Fault.Kind::of)
                .orElseThrow(() -> ValidationError.body("kind", "is required"));
        Duration delay = Duration.ofMillis(body.count("delay_ms", 0, LONGEST_DELAY));
        if (kind == Fault.Kind.DELAY && delay.isZero()) {
            throw ValidationError.body("delay_ms", "is required with the kind delay");
        }
        Fault fault = new Fault(
                body.textOrEmpty("line", LONGEST_NUMBER).map(FaultRoutes::line),
                kind,
                body.number("times", 1, 1, MOST_TIMES),
                delay);
        if (!simulator.fault(fault)) {
            throw ValidationError.body("line", "is no number of a simulated line");
        }
        ctx.status(204);
    }

    private static PhoneNumber line(String text) {
        return Body.number("line", text);
    }
}
