package partyline.conversations;

import java.time.Instant;
import java.util.Optional;

/// A stretch of time: from `from` on, and before `until`. An empty end is open.
public record TimeRange(Optional<Instant> from, Optional<Instant> until) {

    /// All of it.
    public static final TimeRange ALL = new TimeRange(Optional.empty(), Optional.empty());
}
