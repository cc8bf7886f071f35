-- transport: what came in, what the router says, receipts that found no message yet, and the simulator's phones.

-- Kept after it was handled, with the event emptied, so that the same news again changes nothing.
CREATE TABLE transport_inbox (
    id          INTEGER PRIMARY KEY,
    line        TEXT    NOT NULL,
    provider_id TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    due_at      INTEGER,                        -- null: handled, or given up
    UNIQUE (line, provider_id, kind)
);

CREATE INDEX transport_inbox_due ON transport_inbox (person, id) WHERE due_at IS NOT NULL;
CREATE INDEX transport_inbox_age ON transport_inbox (received_at);

-- Words of the router. Kept a while after they were said, emptied, so that their receipts are recognized.
CREATE TABLE transport_outbox (
    id           TEXT    PRIMARY KEY,
    line         TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    text         TEXT,
    contact_card TEXT,
    attempts     INTEGER NOT NULL DEFAULT 0,
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

CREATE TABLE sim_phone (
    number  TEXT    PRIMARY KEY,
    service TEXT    NOT NULL,
    online  INTEGER NOT NULL,
    reads   INTEGER NOT NULL
) WITHOUT ROWID;

-- `line` is a telephone number: phones know no other name for it. `mine` is 1 on what the phone's owner wrote.
CREATE TABLE sim_bubble (
    id           TEXT    PRIMARY KEY,
    client_id    TEXT    UNIQUE,
    person       TEXT    NOT NULL,
    line         TEXT    NOT NULL,
    position     INTEGER,                       -- order of appearance on the phone; null: not there yet
    mine         INTEGER NOT NULL,
    text         TEXT,
    media        TEXT,
    send_style   TEXT,
    contact_card TEXT,
    service      TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    delivered_at INTEGER,
    read_at      INTEGER
);

CREATE UNIQUE INDEX sim_bubble_position ON sim_bubble (person, position) WHERE position IS NOT NULL;
CREATE INDEX sim_bubble_unread ON sim_bubble (person, line, mine) WHERE read_at IS NULL;

CREATE TABLE sim_tapback (
    bubble       TEXT    NOT NULL REFERENCES sim_bubble (id),
    part_index   INTEGER NOT NULL,
    mine         INTEGER NOT NULL,
    reaction     TEXT    NOT NULL,
    custom_emoji TEXT,
    at           INTEGER NOT NULL,
    PRIMARY KEY (bubble, part_index, mine)
) WITHOUT ROWID;

CREATE TABLE sim_contact (
    person TEXT NOT NULL,
    number TEXT NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (person, number)
) WITHOUT ROWID;

-- What happens next: a receipt to bring (`kind` sent, delivered, read or failed), or news (`kind` news) of what a person did.
CREATE TABLE sim_due (
    id          INTEGER PRIMARY KEY,
    person      TEXT    NOT NULL,
    line        TEXT    NOT NULL,
    provider_id TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    event       TEXT,
    due_at      INTEGER NOT NULL
);

CREATE INDEX sim_due_next ON sim_due (person, due_at, id);
