package partyline.conversations;

/// A client's word for one request, so that repeating it does nothing twice: `text` is its `Idempotency-Key`
/// (1 to 255 printable ASCII characters), `endpoint` the call it belongs to. It counts for the identity that acts.
public record IdempotencyKey(String endpoint, String text) {}
