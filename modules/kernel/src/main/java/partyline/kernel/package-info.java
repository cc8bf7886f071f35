/// The words that all modules share: [PhoneNumber][partyline.kernel.PhoneNumber], [Id][partyline.kernel.Id], the
/// [Database][partyline.kernel.Database] with its two doors, and the [Journal][partyline.kernel.Journal] of events.
///
/// Nothing here knows what an agent, a line or a message is.
///
/// `docs/writer.md` tells how everything gets on disk, and why so; `docs/add-a-column.md` how the schema grows.
@NullMarked
package partyline.kernel;

import org.jspecify.annotations.NullMarked;
