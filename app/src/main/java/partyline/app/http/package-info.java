/// The HTTP server and its edges: who may call, what a body and a parameter may be, how refusals look, and what keeps
/// slow, huge and forged requests away. It knows no resource; those are in `partyline.app.api`.
///
/// What clients may send is in `docs/wire.md`.
@NullMarked
package partyline.app.http;

import org.jspecify.annotations.NullMarked;
