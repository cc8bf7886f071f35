package partyline.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// What a driver knows about a send.
public sealed interface SendResult {

    /// The line took it under `providerId`; `sentAtOnce` when no `sent` receipt will follow. `leftOut` names what the
    /// line could not carry for this person: `effect`, `media`.
    record Accepted(String providerId, Service service, boolean sentAtOnce, Set<String> leftOut) implements SendResult {

        public Accepted {
            leftOut = Set.copyOf(leftOut);
        }

        public Accepted(String providerId, Service service, boolean sentAtOnce) {
            this(providerId, service, sentAtOnce, Set.of());
        }
    }

    /// It will never go out; `code` is stable, `detail` a sentence. With [#NO_IMESSAGE] another line may bring it.
    record Refused(String code, String detail) implements SendResult {

        public static final String NO_IMESSAGE = "no_imessage";
    }

    /// It certainly did not go out, and may later: try again, not before `pause` is over if there is one.
    record NotSent(String detail, Optional<Duration> pause) implements SendResult {

        public NotSent(String detail) {
            this(detail, Optional.empty());
        }
    }

    /// It may have gone out: ask [Driver#reconcile], never send it again.
    record Unknown(String detail) implements SendResult {}
}
