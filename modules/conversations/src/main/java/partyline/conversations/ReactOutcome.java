package partyline.conversations;

import java.time.Duration;
import partyline.identities.Handle;

/// What became of an agent's wish to react, to mark as read or to show that it types.
public sealed interface ReactOutcome {

    /// The phone shows it.
    record Reacted(Tapback tapback) implements ReactOutcome {}

    /// It is taken back, marked or shown; `count` says how many messages changed by it.
    record Done(int count) implements ReactOutcome {}

    /// The caller sees no such message, tapback or conversation.
    record NotFound() implements ReactOutcome {}

    /// The identity has not opted in to iMessage.
    record NotEnabled() implements ReactOutcome {}

    /// A rule forbids it, as [SendOutcome.Blocked] says.
    record Blocked(SendOutcome.Blocked why) implements ReactOutcome {}

    /// The connection ended, by the person or an admin.
    record Inactive(Handle handle) implements ReactOutcome {}

    /// Its line cannot do that: trying again is of no use.
    record Unsupported(String why) implements ReactOutcome {}

    /// The message has not reached the phone yet.
    record NotSentYet() implements ReactOutcome {}

    /// This very request was done before, and `tapback` is as it was then; nothing happened now.
    record Replayed(Tapback tapback) implements ReactOutcome {}

    /// The idempotency key belongs to another request.
    record KeyReused() implements ReactOutcome {}

    /// The phone was shown as much of it as it may be for now; `left` is how long to wait.
    record TooOften(Duration left) implements ReactOutcome {}

    /// The line did not take it; nothing changed, and trying again is safe.
    record LineFailed() implements ReactOutcome {}
}
