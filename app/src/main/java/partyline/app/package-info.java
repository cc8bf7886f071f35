/// The program: the HTTP API, the commands of the jar, configuration, and the [wiring][partyline.app.Wiring] of the
/// modules. The only package that knows Javalin; it decides nothing, it asks facades and translates.
@NullMarked
package partyline.app;

import org.jspecify.annotations.NullMarked;
