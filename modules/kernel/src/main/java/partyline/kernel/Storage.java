package partyline.kernel;

import java.time.InstantSource;

/// What a module needs to keep things: the database, the journal, and where ids and the time come from.
public record Storage(Database database, Journal journal, Ids ids, InstantSource clock) {}
