/// The one way to call an address that a user named: [Outbound][partyline.outbound.Outbound].
///
/// It decides which addresses may be reached, checks the very address that a connection goes to, and bounds every
/// call in time and size. It retries nothing and knows nothing of webhooks; the addresses of drivers are the
/// operator's own and do not pass here.
///
/// `docs/security.md` tells what it keeps out, and why this client.
@NullMarked
package partyline.outbound;

import org.jspecify.annotations.NullMarked;
