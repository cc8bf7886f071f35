package partyline.transport;

/// What a driver knows about a send.
public sealed interface SendResult {

    /// The line took it under `providerId`; `sentAtOnce` when no `sent` receipt will follow.
    record Accepted(String providerId, Service service, boolean sentAtOnce) implements SendResult {}

    /// It will never go out; `code` is stable, `detail` a sentence.
    record Refused(String code, String detail) implements SendResult {}

    /// It certainly did not go out, and may later: try again.
    record NotSent(String detail) implements SendResult {}

    /// It may have gone out: ask [Driver#reconcile], never send it again.
    record Unknown(String detail) implements SendResult {}
}
