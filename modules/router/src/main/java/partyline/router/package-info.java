/// What happens when a person writes. [Router][partyline.router.Router] reads the line: on the router line a text is a
/// command, on a pool line it belongs to a conversation. It parses and speaks; who may talk with whom is decided
/// elsewhere, but for one thing: whoever says STOP is left alone, and [Consents][partyline.router.Consents] can tell.
///
/// `docs/connections.md` tells whom a person means, and what one may ask.
@NullMarked
package partyline.router;

import org.jspecify.annotations.NullMarked;
