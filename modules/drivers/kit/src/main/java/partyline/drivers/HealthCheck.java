package partyline.drivers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;

/// How a line is, as last seen; a change of it is told in the log. Thread-safe.
public final class HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);

    private final String line;
    private volatile Health health = new Health(State.UNKNOWN, "It has not been tried yet.");

    public HealthCheck(String line) {
        this.line = line;
    }

    public Health health() {
        return health;
    }

    public void is(Health next) {
        Health before = health;
        health = next;
        if (before.state() != next.state()) {
            LOG.info("event=line_state line={} state={} detail=\"{}\"", line, next.state(), next.detail());
        }
    }

    public void down(String detail) {
        is(new Health(State.DOWN, detail));
    }

    public void degraded(String detail) {
        is(new Health(State.DEGRADED, detail));
    }
}
