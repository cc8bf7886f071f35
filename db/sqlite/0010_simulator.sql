-- simulator: phones of people who are not there, and what they show. It survives a restart, so that what was accepted can
-- be compared with what arrived.

CREATE TABLE sim_phone (
    number  TEXT    PRIMARY KEY,
    service TEXT    NOT NULL,
    online  INTEGER NOT NULL,
    reads   INTEGER NOT NULL
) WITHOUT ROWID;

-- `line` is a telephone number: phones know no other name for it. `mine` is 1 on what the phone's owner wrote. A phone
-- shows few bubbles, so there is no index of those that are unread.
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

-- What a bubble has on it, of each side at most one for each of its parts.
CREATE TABLE sim_tapback (
    bubble       TEXT    NOT NULL REFERENCES sim_bubble (id),
    part_index   INTEGER NOT NULL,
    mine         INTEGER NOT NULL,
    reaction     TEXT    NOT NULL,
    custom_emoji TEXT,
    at           INTEGER NOT NULL,
    PRIMARY KEY (bubble, part_index, mine)
) WITHOUT ROWID;

-- What a person took from a contact card: under which name their phone shows a number.
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
