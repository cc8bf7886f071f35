-- What a send stored on 2026-11-29: the tables of conversations and messages with their indexes, frozen. `Yardstick.java`
-- measures with them, so that a change of the server's schema does not move what the server is held against.

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
    read_until      TEXT,
    person_wrote    INTEGER NOT NULL,
    paused_until    INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (identity_id, person)
);
CREATE INDEX conversation_shown ON conversation (organization_id, shown_latest) WHERE shown_latest IS NOT NULL;
CREATE INDEX conversation_all ON conversation (organization_id, all_latest);
CREATE INDEX conversation_identity ON conversation (identity_id, shown_latest);

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
CREATE INDEX message_identity ON message (identity_id, id);
CREATE INDEX message_sends ON message (identity_id, created_at) WHERE outbound = 1;
CREATE INDEX message_organization ON message (organization_id, id);
CREATE INDEX message_queued ON message (conversation_id, id) WHERE status = 'queued';

CREATE UNIQUE INDEX message_provider ON message (line, provider_id, outbound) WHERE provider_id IS NOT NULL;
CREATE INDEX message_requeued ON message (conversation_id, id) WHERE requeued = 1;

-- 256 conversations, and what they said before: 50,000 messages like the one that is inserted.
INSERT INTO conversation
WITH RECURSIVE row (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n < 255)
SELECT printf('01930000-0000-7000-8000-%012x', n), 'org_yardstick', '01930000-0000-7000-8001-000000000000',
       '+1202' || (6000000 + n), 196, 0, NULL, 196, 0, NULL, NULL, 1, NULL, 1764400000000000, 1764400000000000
  FROM row;

INSERT INTO message
WITH RECURSIVE row (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n < 49999)
SELECT printf('01930001-0000-7000-8000-%012x', n), 'org_yardstick', '01930000-0000-7000-8001-000000000000',
       printf('01930000-0000-7000-8000-%012x', n % 256), '01930000-0000-7000-8002-000000000000',
       '+1202' || (6000000 + n % 256), 'pool', 1,
       '<<1>>' || printf('%.288c', 'x'), NULL, NULL, NULL, 'imessage', 0, '', 'sent', NULL, NULL, NULL, NULL, 0, 0,
       'provider-' || n, 1764400000000000, NULL, 1, NULL, NULL, NULL, 0, 1764400000000000, NULL, NULL, NULL, NULL, NULL, NULL,
       1764400000000000, 1764400000000000
  FROM row;
