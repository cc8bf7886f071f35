/// The operator's commands and what they do: organizations, admin keys, what is kept about a person, backups, and the
/// checks of the configuration. Most reach a running server over loopback; backups are taken beside it.
///
/// How the program runs for long is in `docs/operations.md`.
@NullMarked
package partyline.app.operator;

import org.jspecify.annotations.NullMarked;
