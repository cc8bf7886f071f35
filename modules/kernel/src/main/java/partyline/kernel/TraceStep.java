package partyline.kernel;

import java.time.Instant;

/// A step on the way of a message, as its module keeps it: what happened when, without what was said and to whom.
public record TraceStep(Instant at, String what) {}
