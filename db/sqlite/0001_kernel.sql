-- kernel: the journal of events.

-- Every organization that ever had an event, and the number that it has in the journal. The newest number of its events is
-- that of its last row, or `seq` when that one is gone: pruning writes it. `pruned` is how far the journal has forgotten:
-- numbers leap at a start, so this cannot be told from the oldest row.
CREATE TABLE journal_head (
    no              INTEGER PRIMARY KEY,
    organization_id TEXT    NOT NULL UNIQUE,
    seq             INTEGER NOT NULL,
    pruned          INTEGER NOT NULL DEFAULT 0
);

-- What happened: one tree is the order, the uniqueness and the rows, which are short. An event about a message refers to
-- it, and `payload` keeps only what the message will not tell any more; else it is all that the event says. There is no
-- index by person; who exports or erases one looks through the table.
CREATE TABLE journal (
    organization_no INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    event_id        TEXT    NOT NULL,
    identity_id     TEXT,                       -- null: it concerns the organization
    conversation_id TEXT,
    person          TEXT,
    message_id      TEXT,
    type            TEXT    NOT NULL,
    occurred_at     INTEGER NOT NULL,
    payload         TEXT,
    PRIMARY KEY (organization_no, seq)
) WITHOUT ROWID;

-- For the readers of one identity's events, such as a stream: it tells which rows to fetch without a look at the others.
CREATE INDEX journal_of_identity ON journal (identity_id, seq, type);
