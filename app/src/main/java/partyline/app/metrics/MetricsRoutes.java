package partyline.app.metrics;

import static partyline.app.http.Access.Role.OPERATOR;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import partyline.kernel.Meters;

/// `/metrics`, what this server does in numbers: on the main port for the operator's admin keys alone.
public final class MetricsRoutes {

    /// Where they are, on either port.
    static final String PATH = "/metrics";

    private final Meters meters;
    private final ServerGauges gauges;

    public MetricsRoutes(Meters meters, ServerGauges gauges) {
        this.meters = meters;
        this.gauges = gauges;
    }

    public void register(RoutesConfig routes) {
        routes.get(PATH, this::show, OPERATOR);
    }

    private void show(Context ctx) {
        ctx.contentType(MetricsText.CONTENT_TYPE).result(text());
    }

    /// As they are now.
    byte[] text() {
        MetricsText text = new MetricsText();
        text.add(meters);
        gauges.write(text);
        return text.bytes();
    }
}
