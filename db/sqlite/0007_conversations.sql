-- conversations: connections, conversations, messages, tapbacks, and lines that are one agent's own number.

-- What somebody wrote whom the agent's rules keep out belongs to a connection that never was, a `refused` one: it is over
-- as it begins.
CREATE TABLE connection (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    line            TEXT    NOT NULL,
    shared          INTEGER NOT NULL,
    refused         INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    released_at     INTEGER
);
CREATE UNIQUE INDEX connection_line ON connection (person, line) WHERE released_at IS NULL AND shared = 0;
CREATE UNIQUE INDEX connection_pair ON connection (identity_id, person) WHERE released_at IS NULL;
CREATE INDEX connection_history ON connection (person, identity_id, id);
CREATE INDEX connection_people ON connection (line, person, created_at);
CREATE INDEX connection_organization ON connection (organization_id, id) WHERE released_at IS NULL;

-- Whom a person has now, and whom they had last on a line: asked at every text, whatever else there was.
CREATE INDEX connection_active ON connection (person) WHERE released_at IS NULL;
CREATE INDEX connection_on_line ON connection (person, line, id);

-- Whom a person means when they name nobody on a line that several of their agents use.
CREATE TABLE line_focus (
    person        TEXT NOT NULL,
    line          TEXT NOT NULL,
    connection_id TEXT NOT NULL REFERENCES connection (id),
    PRIMARY KEY (person, line)
) WITHOUT ROWID;

-- Under which id the API shows the number of a line that is one agent's own. The organization is the first whose agent had
-- the handle; nobody else's agent gets the line, whoever takes the handle later.
CREATE TABLE dedicated_number (
    line            TEXT PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    handle          TEXT NOT NULL,
    organization_id TEXT
) WITHOUT ROWID;

-- One per (identity, person), for life. `shown_*` leave blocked messages out; the others count everything. What is marked
-- as read is everything up to the newest message: `read_until` is where that was the last time. Until `paused_until` the
-- agent may not send.
CREATE TABLE conversation (
    id              INTEGER PRIMARY KEY,
    salt            INTEGER NOT NULL,
    uuid            TEXT    GENERATED ALWAYS AS (printf('%08x-%04x-7%03x-%04x-%012x', id >> 28, id >> 12 & 65535, id & 4095,
                                                        salt >> 48 & 65535, salt & 281474976710655)) VIRTUAL,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    shown_count     INTEGER NOT NULL,
    shown_unread    INTEGER NOT NULL,
    shown_latest    INTEGER,                      -- a message, as below
    all_count       INTEGER NOT NULL,
    all_unread      INTEGER NOT NULL,
    all_latest      INTEGER,
    read_until      INTEGER,
    person_wrote    INTEGER NOT NULL,
    paused_until    INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (identity_id, person)
);
CREATE INDEX conversation_shown ON conversation (organization_id, shown_latest) WHERE shown_latest IS NOT NULL;
CREATE INDEX conversation_all ON conversation (organization_id, all_latest);
CREATE INDEX conversation_identity ON conversation (identity_id, shown_latest);

-- Its conversation says whom it concerns. That and the connection are no references to SQLite: the writer has just read
-- them, and a connection may go before its messages, hence its salt. What is put off keeps when that was decided: later
-- than its own wait it is never due, whichever way a clock goes.
--
-- A message that its line took, and told late that the person has no iMessage, goes out once more under `resend_id`, for
-- drivers know the first. `requeued` is 1 until that is settled; what the agent sees never goes back meanwhile.
CREATE TABLE message (
    id              INTEGER PRIMARY KEY,
    salt            INTEGER NOT NULL,
    uuid            TEXT    GENERATED ALWAYS AS (printf('%08x-%04x-7%03x-%04x-%012x', id >> 28, id >> 12 & 65535, id & 4095,
                                                        salt >> 48 & 65535, salt & 281474976710655)) VIRTUAL,
    organization_no INTEGER NOT NULL,             -- symbol
    identity_no     INTEGER NOT NULL,             -- symbol
    conversation_id INTEGER NOT NULL,
    connection_id   INTEGER NOT NULL,
    connection_salt INTEGER NOT NULL,
    line            TEXT    NOT NULL,
    outbound        INTEGER NOT NULL,
    content         TEXT,
    media           TEXT,
    media_error     TEXT,                         -- why there is no media although some came
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
    put_off_at      INTEGER,
    next_attempt_at INTEGER,
    resend_id       TEXT,
    requeued        INTEGER NOT NULL DEFAULT 0,
    sent_at         INTEGER,
    delivered_at    INTEGER,
    read_at         INTEGER,
    failed_at       INTEGER,
    occurred_at     INTEGER,                      -- when the person wrote it, as its line says
    edited_at       INTEGER,                      -- when they last changed it
    unsent_at       INTEGER,                      -- when they took it back; it says nothing any more
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
CREATE INDEX message_conversation ON message (conversation_id, id);
CREATE INDEX message_identity ON message (identity_no, id);
CREATE INDEX message_sends ON message (identity_no, created_at) WHERE outbound = 1;
CREATE INDEX message_organization ON message (organization_no, id);
CREATE INDEX message_queued ON message (conversation_id, id) WHERE status = 'queued';

-- A line may call a text that came in what it called one that went out.
CREATE UNIQUE INDEX message_provider ON message (line, provider_id, outbound) WHERE provider_id IS NOT NULL;
CREATE INDEX message_requeued ON message (conversation_id, id) WHERE requeued = 1;

-- What a text said before its person changed it, or before its file came: for events up to number `until`, which refer to
-- the message.
CREATE TABLE message_past (
    message_id  INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    content     TEXT,
    media       TEXT,
    media_error TEXT,
    edited_at   INTEGER,
    PRIMARY KEY (message_id, until)
) WITHOUT ROWID;

-- Files that did not come with their text: the message that a file joins, and what its line calls it. `wait` is how long
-- the pause is that ends at `due_at`, in microseconds.
CREATE TABLE awaited_file (
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    person     TEXT    NOT NULL,
    line       TEXT    NOT NULL,
    media      TEXT    NOT NULL,
    media_type TEXT,
    attempts   INTEGER NOT NULL,
    wait       INTEGER NOT NULL,
    due_at     INTEGER NOT NULL
);
CREATE INDEX awaited_file_person ON awaited_file (person, due_at);

-- A swap ends the old row and makes a new one, so that every tapback has an id of its own.
CREATE TABLE tapback (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    conversation_id TEXT    NOT NULL,
    connection_id   TEXT    NOT NULL,
    message_id      INTEGER NOT NULL REFERENCES message (id),
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

-- What a request with an idempotency key made is kept as an id. The answer is told from the message or the tapback itself,
-- so that no words outlive the message that they were in.
CREATE TABLE idempotency (
    identity_id TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    made_id     TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,               -- keyed hash of the request
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (identity_id, endpoint, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
