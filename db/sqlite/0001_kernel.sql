-- kernel: the journal of events.

CREATE TABLE journal_head (
    organization_id TEXT PRIMARY KEY,
    seq             INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE journal (
    organization_id TEXT    NOT NULL,
    seq             INTEGER NOT NULL,
    event_id        TEXT    NOT NULL UNIQUE,
    identity_id     TEXT,                       -- null: it concerns the organization
    conversation_id TEXT,
    person          TEXT,
    type            TEXT    NOT NULL,
    occurred_at     INTEGER NOT NULL,
    payload         TEXT    NOT NULL,
    PRIMARY KEY (organization_id, seq)
) WITHOUT ROWID;

-- For the readers of one identity's events; it tells which rows to fetch without a look at the others.
CREATE INDEX journal_of_identity ON journal (organization_id, identity_id, seq, type);

-- For who wants to know, or wants forgotten, what is kept about them.
CREATE INDEX journal_person ON journal (person) WHERE person IS NOT NULL;
