/// What people and agents say to each other: [Connections][partyline.conversations.Connections] join a person and an
/// identity on a pool line, [Conversations][partyline.conversations.Conversations] keep what is said and send it.
///
/// The pool line stays inside: no record that goes out of the program names it.
///
/// `docs/journeys.md` follows a text step by step, `docs/sending.md` tells what is promised on the way,
/// `docs/connections.md` who is joined with whom and on which line, `docs/privacy.md` how long it is kept.
@NullMarked
package partyline.conversations;

import org.jspecify.annotations.NullMarked;
