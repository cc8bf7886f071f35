/// Webhooks: [Subscriptions][partyline.webhooks.Subscriptions] say who wants to hear of what,
/// [Deliveries][partyline.webhooks.Deliveries] tell them, signed and retried.
///
/// Events come from the journal alone; no module but the app knows this one. How a URL is called, and whether it
/// may be, is decided in outbound.
///
/// `docs/webhooks.md` tells what receivers get, and how it is paced; `docs/add-an-event.md` how to add an event.
@NullMarked
package partyline.webhooks;

import org.jspecify.annotations.NullMarked;
