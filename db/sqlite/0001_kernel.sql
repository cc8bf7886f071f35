-- kernel: the journal of events.

-- Every organization that ever had an event. Its newest number is that of its last row, or `seq` when that one is gone:
-- pruning writes it. `pruned` is how far the journal has forgotten: numbers leap at a start, so this cannot be told from
-- the oldest row.
CREATE TABLE journal_head (
    organization_id TEXT PRIMARY KEY,
    seq             INTEGER NOT NULL,
    pruned          INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- What happened, in the order of rowids: without them, an event of the usual length would fill a page of its own. There
-- is no index by person; who exports or erases one looks through the table.
CREATE TABLE journal (
    organization_id TEXT    NOT NULL,
    seq             INTEGER NOT NULL,
    event_id        TEXT    NOT NULL,
    identity_id     TEXT,                       -- null: it concerns the organization
    conversation_id TEXT,
    person          TEXT,
    type            TEXT    NOT NULL,
    occurred_at     INTEGER NOT NULL,
    payload         TEXT    NOT NULL,
    UNIQUE (organization_id, seq)
);

-- For the readers of one identity's events, such as a stream: it tells which rows to fetch without a look at the others,
-- and begins with the page of the organization's numbers.
CREATE INDEX journal_of_identity ON journal (organization_id, identity_id, seq, type);
