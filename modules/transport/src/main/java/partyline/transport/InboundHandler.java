package partyline.transport;

import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;

/// Who understands what people do; the router, as it happens. Each call runs in the transaction that takes the news off
/// the inbox, so it happens once or not at all.
public interface InboundHandler {

    void handle(Tx tx, InboundEvent event);

    /// Applies a receipt; false when nothing was sent under its provider id *yet*, which parks it.
    boolean receipt(Tx tx, Receipt receipt);

    /// A person began or stopped typing to `line`.
    void typing(String line, PhoneNumber from, boolean typing);
}
