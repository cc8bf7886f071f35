/// How [Transport][partyline.transport.Transport] keeps its promises: the
/// [Switchboard][partyline.transport.internal.Switchboard] that calls drivers, the
/// [Inbox][partyline.transport.internal.Inbox] of what people did, the
/// [Outbox][partyline.transport.internal.Outbox] of what the router says, and the
/// [Receipts][partyline.transport.internal.Receipts] that came too early.
@NullMarked
package partyline.transport.internal;

import org.jspecify.annotations.NullMarked;
