/// How texts leave and arrive: [Line][partyline.transport.Line]s, the [Driver][partyline.transport.Driver] behind each,
/// and the [Transport][partyline.transport.Transport] that keeps their promises (durable inbox, outbox of the router's
/// own words, parked receipts). The drivers are modules of their own, which nothing here names.
///
/// Nothing here knows identities, connections or conversations.
///
/// `docs/journeys.md` follows a text step by step, `docs/sending.md` tells what is promised on the way,
/// `docs/drivers.md` what a driver promises and how to write one.
@NullMarked
package partyline.transport;

import org.jspecify.annotations.NullMarked;
