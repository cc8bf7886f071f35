/// Answers that stay open: the event stream, the long poll, and the live view of a simulated phone.
///
/// How a reader resumes is in `docs/wire.md`; how to add an event in `docs/add-an-event.md`.
@NullMarked
package partyline.app.stream;

import org.jspecify.annotations.NullMarked;
