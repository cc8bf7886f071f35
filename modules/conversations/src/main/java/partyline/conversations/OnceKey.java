package partyline.conversations;

/// A client's word for one request, so that repeating it does nothing twice: `text` is its `Idempotency-Key` (1 to 255
/// characters), `endpoint` the call it belongs to.
public record OnceKey(String endpoint, String text) {}
