/// The program: the HTTP API, the commands of the jar, configuration, and the [wiring][partyline.app.Wiring] of the
/// modules. The only module that knows Javalin; it decides nothing, it asks facades and translates.
///
/// `docs/journeys.md` follows a text through it. What clients may send is in `docs/wire.md`, how the program runs for
/// long in `docs/operations.md`.
@NullMarked
package partyline.app;

import org.jspecify.annotations.NullMarked;
