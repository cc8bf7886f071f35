package partyline.transport;

import java.time.Instant;
import java.util.Optional;

/// What became of something that `line` sent under `providerId`. May come twice, late, out of order, or before the send
/// call returned.
public record Receipt(String line, String providerId, Kind kind, Instant at, Optional<Failure> failure) {

    /// How far it got. `READ` implies delivered, `DELIVERED` implies sent.
    public enum Kind {
        SENT,
        DELIVERED,
        READ,
        FAILED
    }

    /// Why a `FAILED` one failed: a stable code and a sentence.
    public record Failure(String code, String detail) {}
}
