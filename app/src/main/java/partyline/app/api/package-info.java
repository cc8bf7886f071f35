/// The HTTP API: one routes class per resource, which shows its paths and roles on one screen, and its JSON. A routes
/// class decides nothing; it asks a facade and translates.
///
/// What clients may send is in `docs/wire.md`.
@NullMarked
package partyline.app.api;

import org.jspecify.annotations.NullMarked;
