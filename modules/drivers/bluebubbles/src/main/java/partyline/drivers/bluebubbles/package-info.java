/// Lines on a Mac of one's own, spoken for by its BlueBubbles server.
///
/// The Mac's message database is the truth: its webhooks only say that it is time to look, and a send whose answer is
/// lost is looked up there. What the server can do (Private API or AppleScript) is asked again every minute.
///
/// A text comes in: `BlueBubbles.take` hears that there is one and wakes the poller, the catch-up reads its row,
/// and the inbound translator makes news of it. A text goes out: the sender finds a `Route` and takes the message
/// apart (`MessageParts`), `SentSearch` hands each piece over and finds out what became of it (`SendAnswers`), and
/// `OwnMessages` watches how far it gets.
///
/// `docs/drivers.md` tells why so, `docs/lines/bluebubbles.md` how to set one up.
@NullMarked
package partyline.drivers.bluebubbles;

import org.jspecify.annotations.NullMarked;
