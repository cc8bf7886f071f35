package partyline.drivers.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.transport.InboundEvent;
import partyline.transport.Receipt;

/// Something that the network will bring to the server at `dueAt`, or as soon after as the phone is reachable.
sealed interface Due {

    long id();

    Instant dueAt();

    /// Word of how far a bubble of `line` got. With `DELIVERED` the bubble arrives; `failure` is the code of
    /// a `FAILED`.
    record Report(
            long id,
            Instant dueAt,
            String line,
            String providerId,
            Receipt.Kind kind,
            @Nullable String failure) implements Due {}

    /// What the person did.
    record News(long id, Instant dueAt, InboundEvent event) implements Due {}
}
