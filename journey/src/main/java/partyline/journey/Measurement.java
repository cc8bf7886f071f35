package partyline.journey;

import java.time.Instant;

/// What JaCoCo saw of a span, and when that was.
record Measurement(RanLines lines, Instant opened, Instant closed) {}
