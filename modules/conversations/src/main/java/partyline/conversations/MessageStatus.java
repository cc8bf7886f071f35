package partyline.conversations;

import java.util.Locale;

/// How far a message got, in this order; it never goes back. `DECLINED` and `ERROR` are final, `RECEIVED` is inbound.
public enum MessageStatus {
    REGISTERED,
    PENDING,
    QUEUED,
    ACCEPTED,
    SENT,
    DELIVERED,
    DECLINED,
    ERROR,
    RECEIVED;

    /// The name on the wire and in the database.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
