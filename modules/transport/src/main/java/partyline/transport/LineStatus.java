package partyline.transport;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A line as the operator sees it: how it is, when it last heard and brought something since the start of the program,
/// how many sends failed in a row, and how much news was dropped, by reason.
public record LineStatus(
        Line line,
        Driver.Health health,
        Optional<Instant> lastInbound,
        Optional<Instant> lastDelivered,
        int failuresInARow,
        Map<String, Long> dropped) {

    public LineStatus {
        dropped = Map.copyOf(dropped);
    }

    public boolean down() {
        return health.state() == Driver.Health.State.DOWN;
    }

    /// Whether it was ever asked how it is.
    public boolean known() {
        return health.state() != Driver.Health.State.UNKNOWN;
    }
}
