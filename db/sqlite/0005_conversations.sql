-- conversations: connections, conversations, messages, tapbacks.

CREATE TABLE connection (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    line            TEXT    NOT NULL,
    shared          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    released_at     INTEGER
);
CREATE UNIQUE INDEX connection_line ON connection (person, line) WHERE released_at IS NULL AND shared = 0;
CREATE UNIQUE INDEX connection_pair ON connection (identity_id, person) WHERE released_at IS NULL;
CREATE INDEX connection_history ON connection (person, identity_id, id);
CREATE INDEX connection_people ON connection (line, person, created_at);
CREATE INDEX connection_organization ON connection (organization_id, id) WHERE released_at IS NULL;

-- Whom a person means when they name nobody on a line that several of their agents use.
CREATE TABLE line_focus (
    person        TEXT NOT NULL,
    line          TEXT NOT NULL,
    connection_id TEXT NOT NULL REFERENCES connection (id),
    PRIMARY KEY (person, line)
) WITHOUT ROWID;

-- One per (identity, person), for life. `shown_*` leave blocked messages out; the others count everything. Until
-- `paused_until` the agent may not send.
CREATE TABLE conversation (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    shown_count     INTEGER NOT NULL,
    shown_unread    INTEGER NOT NULL,
    shown_latest    TEXT,
    all_count       INTEGER NOT NULL,
    all_unread      INTEGER NOT NULL,
    all_latest      TEXT,
    person_wrote    INTEGER NOT NULL,
    paused_until    INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (identity_id, person)
);
CREATE INDEX conversation_shown ON conversation (organization_id, shown_latest) WHERE shown_latest IS NOT NULL;
CREATE INDEX conversation_all ON conversation (organization_id, all_latest);
CREATE INDEX conversation_identity ON conversation (identity_id, shown_latest);

-- `connection_id` names a connection but is no reference: to check that one is not in use when it goes, SQLite would read
-- every message.
CREATE TABLE message (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    conversation_id TEXT    NOT NULL REFERENCES conversation (id),
    connection_id   TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    line            TEXT    NOT NULL,
    outbound        INTEGER NOT NULL,
    content         TEXT,
    media           TEXT,
    media_error     TEXT,                       -- why there is no media although some came
    send_style      TEXT,
    service         TEXT    NOT NULL,
    downgraded      INTEGER NOT NULL,
    left_out        TEXT    NOT NULL DEFAULT '',  -- what the line could not carry: effect, media
    status          TEXT    NOT NULL,
    error_code      TEXT,
    error_message   TEXT,
    error_reason    TEXT,
    error_detail    TEXT,
    is_read         INTEGER NOT NULL,
    is_blocked      INTEGER NOT NULL,
    provider_id     TEXT,
    handed_at       INTEGER,
    signature       TEXT,                         -- the agent's name, if it was handed over with it
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER,
    sent_at         INTEGER,
    delivered_at    INTEGER,
    read_at         INTEGER,
    failed_at       INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
CREATE INDEX message_conversation ON message (conversation_id, id);
CREATE INDEX message_identity ON message (identity_id, id);
CREATE INDEX message_sends ON message (identity_id, created_at) WHERE outbound = 1;
CREATE INDEX message_organization ON message (organization_id, id);
CREATE UNIQUE INDEX message_provider ON message (line, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX message_queued ON message (conversation_id, id) WHERE status = 'queued';
CREATE INDEX message_unread ON message (conversation_id, id) WHERE outbound = 0 AND is_read = 0;

-- A swap ends the old row and makes a new one, so that every tapback has an id of its own.
CREATE TABLE tapback (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    conversation_id TEXT    NOT NULL,
    connection_id   TEXT    NOT NULL,
    message_id      TEXT    NOT NULL REFERENCES message (id),
    person          TEXT    NOT NULL,
    outbound        INTEGER NOT NULL,
    reaction        TEXT    NOT NULL,
    custom_emoji    TEXT,
    part_index      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    removed_at      INTEGER
);
CREATE UNIQUE INDEX tapback_live ON tapback (message_id, outbound, part_index) WHERE removed_at IS NULL;
CREATE INDEX tapback_message ON tapback (message_id);

-- Answers to requests that carried an idempotency key, for a day. `fingerprint` is the SHA-256 of the request.
CREATE TABLE idempotency (
    identity_id TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (identity_id, endpoint, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
