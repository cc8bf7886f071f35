/// What happens when a person writes. [Router][partyline.router.Router] reads the line: on the router line a text is a
/// command, on a pool line it belongs to a conversation. It parses and speaks; who may talk with whom is decided
/// elsewhere; of whoever says STOP it is kept by [Consents][partyline.rules.Consents].
///
/// `docs/connections.md` tells whom a person means, and what one may ask; `docs/add-a-router-command.md` how to add a
/// command.
@NullMarked
package partyline.router;

import org.jspecify.annotations.NullMarked;
