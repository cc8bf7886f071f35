-- kernel: the journal of events, and how rows that come with every message say who they are about.
--
-- Tables that grow with every message keep an id as two numbers (`Id` in the kernel): the key is the row's own, the salt
-- the rest of it. `uuid` spells it as the API does, and takes no room.

-- Texts that such rows repeat, ids of organizations, identities and subscriptions, and handles, by the numbers that stand
-- for them. They stay.
CREATE TABLE symbol (
    no   INTEGER PRIMARY KEY,
    text TEXT    NOT NULL UNIQUE
);

-- Every organization that ever had an event. The newest number of its events is that of its last row, or `seq` when that one is gone: pruning writes it. `pruned` is how far the journal has forgotten:
-- numbers leap at a start, so this cannot be told from the oldest row.
CREATE TABLE journal_head (
    organization_no INTEGER PRIMARY KEY,        -- symbol
    seq             INTEGER NOT NULL,
    pruned          INTEGER NOT NULL DEFAULT 0
);

-- What happened: one tree is the order, the uniqueness and the rows, which are short. An event about a message refers to
-- it, and `payload` keeps only what the message will not tell any more; else it is all that the event says. There is no
-- index by person; who exports or erases one looks through the table.
CREATE TABLE journal (
    organization_no INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    event_id        INTEGER NOT NULL,
    event_salt      INTEGER NOT NULL,
    identity_no     INTEGER,                    -- symbol; null: it concerns the organization
    handle_no       INTEGER,                    -- symbol: what the identity was called then
    conversation_id TEXT,                       -- null: none, or that of the message
    person          TEXT,
    message_id      INTEGER,
    type            TEXT    NOT NULL,
    occurred_at     INTEGER NOT NULL,
    payload         TEXT,
    PRIMARY KEY (organization_no, seq)
) WITHOUT ROWID;

-- For the readers of one identity's events, such as a stream: it tells which rows to fetch without a look at the others.
CREATE INDEX journal_of_identity ON journal (identity_no, seq, type);
