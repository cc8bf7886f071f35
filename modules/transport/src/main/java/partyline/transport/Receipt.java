package partyline.transport;

import java.time.Instant;
import java.util.Optional;

/// What became of something that `line` sent under `providerId`. May come twice, late, out of order, or before the send
/// call returned. `service` is what it really travelled on, when only now that is known.
public record Receipt(
        String line, String providerId, Kind kind, Instant at, Optional<Failure> failure, Optional<Service> service)
        implements OutgoingQueue.Early {

    /// How far it got. `READ` implies delivered, `DELIVERED` implies sent.
    public enum Kind {
        SENT,
        DELIVERED,
        READ,
        FAILED
    }

    /// Why a `FAILED` one failed: a stable code and a sentence. With the code `outcome_unknown` nobody knows whether it
    /// did, and a later receipt still counts.
    public record Failure(String code, String detail) {}

    public Receipt(String line, String providerId, Kind kind, Instant at, Optional<Failure> failure) {
        this(line, providerId, kind, at, failure, Optional.empty());
    }
}
