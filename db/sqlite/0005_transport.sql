-- transport: what came in, what the router says, what came early, and what drivers remember.

-- Kept after it was handled, with the event emptied, so that the same news again changes nothing. What is put off keeps
-- when that was decided: later than its own wait it is never due, whichever way a clock goes.
CREATE TABLE transport_inbox (
    id          INTEGER PRIMARY KEY,
    line        TEXT    NOT NULL,
    provider_id TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    put_off_at  INTEGER,
    due_at      INTEGER,                        -- null: handled, or given up
    UNIQUE (line, provider_id, kind)
);
CREATE INDEX transport_inbox_due ON transport_inbox (person, id) WHERE due_at IS NOT NULL;

-- Words of the router. Kept a while after they were said, emptied, so that their receipts are recognized. `made_at` is
-- what a send is looked for by: it was not sent before its words were made.
CREATE TABLE transport_outbox (
    id           TEXT    PRIMARY KEY,
    line         TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    text         TEXT,
    contact_card TEXT,
    made_at      INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    put_off_at   INTEGER,                       -- as in the inbox
    due_at       INTEGER,                       -- null: said
    handed_at    INTEGER,
    said_at      INTEGER,
    provider_id  TEXT
) WITHOUT ROWID;
CREATE INDEX transport_outbox_due ON transport_outbox (person, id) WHERE due_at IS NOT NULL;
CREATE INDEX transport_outbox_provider ON transport_outbox (line, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX transport_outbox_said ON transport_outbox (said_at) WHERE said_at IS NOT NULL;

-- Receipts, and tapbacks of people, about what nobody knows yet by the id that they name: one may overtake the answer to
-- its own send. They are applied when the id is recorded, and forgotten after a day.
CREATE TABLE transport_early (
    id          INTEGER PRIMARY KEY,
    line        TEXT    NOT NULL,
    provider_id TEXT    NOT NULL,              -- of what they are about
    person      TEXT,                          -- who set the tapback; null for a receipt
    kind        TEXT    NOT NULL,              -- tapback, sent, delivered, read, failed
    what        TEXT    NOT NULL,              -- JSON
    parked_at   INTEGER NOT NULL
);
CREATE INDEX transport_early_about ON transport_early (line, provider_id);
CREATE INDEX transport_early_age ON transport_early (parked_at);

-- What a driver must not forget about its line: how far it has read, the secret of its address.
CREATE TABLE driver_note (
    line  TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (line, key)
) WITHOUT ROWID;

-- What a service that knows no client ids called our sends: how it is found out later what became of one, and that a
-- message is not taken for another one that says the same.
CREATE TABLE driver_send (
    line        TEXT    NOT NULL,
    client_id   TEXT    NOT NULL,
    provider_id TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (line, client_id),
    UNIQUE (line, provider_id)
) WITHOUT ROWID;
CREATE INDEX driver_send_age ON driver_send (at);
