package partyline.rules;

import java.util.Optional;
import partyline.kernel.Id;

/// Whether a person and an identity may talk.
public sealed interface Verdict {

    /// They may.
    record Allowed() implements Verdict {}

    /// They may not: `rule` forbids it, or no rule allows it (whitelist mode).
    record Blocked(Optional<Id> rule) implements Verdict {}
}
