package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import partyline.identities.FilterMode;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// What became of a wish to send. Only `Queued` stores anything.
public sealed interface SendOutcome {

    /// It is on disk and on its way.
    record Queued(Message message) implements SendOutcome {}

    /// The caller sees no such identity.
    record IdentityNotFound() implements SendOutcome {}

    /// The caller sees no such conversation.
    record ConversationNotFound() implements SendOutcome {}

    /// The media URL cannot be sent; `why` are words that follow "media_urls".
    record BadMedia(String why) implements SendOutcome {}

    /// The identity has not opted in to iMessage.
    record NotEnabled(Handle handle) implements SendOutcome {}

    /// A rule forbids it, or none allows it while only those who are listed may be reached; or else an admin closed the
    /// number to the identity.
    record Blocked(PhoneNumber person, Optional<Id> rule, boolean onlyListed) implements SendOutcome {

        public Blocked(PhoneNumber person, Optional<Id> rule, Identity by) {
            this(person, rule, by.filterModes().phone().outbound() == FilterMode.WHITELIST);
        }
    }

    /// The person never connected with this agent.
    record NotConnected(Handle handle) implements SendOutcome {}

    /// The connection ended, by the person or an admin.
    record Inactive(Handle handle) implements SendOutcome {}

    /// The person is connected and has not written yet; they go first.
    record AwaitingInbound() implements SendOutcome {}

    /// The person asked to be left alone, and may not be written to before they write.
    record OptedOut(PhoneNumber person) implements SendOutcome {}

    /// The agent's own line met as many new people as it bears; it meets the next at `until`, after `left`.
    record LineRests(Instant until, Duration left) implements SendOutcome {}

    /// The two answered each other too fast; the agent may send again at `until`, after `left`.
    record Paused(Instant until, Duration left) implements SendOutcome {}

    /// The identity used up its sends; the next one is free at `allowance.resetAt`.
    record RateLimited(Allowance allowance) implements SendOutcome {}

    /// This very request was accepted before, and `message` is as it was then; nothing happened now.
    record Replayed(Message message) implements SendOutcome {}

    /// The idempotency key belongs to another request.
    record KeyReused() implements SendOutcome {}

    /// What is left of an identity's sends in 24 hours, and when the oldest that counts leaves them.
    record Allowance(int limit, int remaining, Instant resetAt, Duration untilReset) {

        Allowance lessOne() {
            return new Allowance(limit, remaining - 1, resetAt, untilReset);
        }
    }

    /// An outcome, and what is left after it; empty without a cap or when no identity was found.
    record Report(SendOutcome outcome, Optional<Allowance> allowance) {

        public boolean replayed() {
            return outcome instanceof Replayed;
        }
    }
}
