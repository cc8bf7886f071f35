-- Fewer pages to write for each event: an event of the usual length filled a page of its own in a table without rowid,
-- and indexes by person or by age touched one more each. Ids begin with the time, so they tell the age; who exports or
-- erases a person looks through the tables instead.

CREATE TABLE journal_rows (
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
INSERT INTO journal_rows (organization_id, seq, event_id, identity_id, conversation_id, person, type, occurred_at, payload)
SELECT organization_id, seq, event_id, identity_id, conversation_id, person, type, occurred_at, payload
  FROM journal ORDER BY event_id;
DROP TABLE journal;
ALTER TABLE journal_rows RENAME TO journal;

-- What a stream asks for; it begins with the page of the organization's numbers.
CREATE INDEX journal_of_identity ON journal (organization_id, identity_id, seq, type);

DROP INDEX webhook_delivery_person;
DROP INDEX webhook_delivery_age;
DROP INDEX transport_inbox_age;

-- What is marked as read is everything up to the newest message, so it is enough to know where that was the last time.
ALTER TABLE conversation ADD COLUMN read_until TEXT;
DROP INDEX message_unread;

-- A phone in the simulator shows few bubbles.
DROP INDEX sim_bubble_unread;

-- Attempts are short, and lie in the order of their ids.
CREATE TABLE webhook_attempt_rows (
    id              TEXT    PRIMARY KEY,
    delivery_id     TEXT    NOT NULL REFERENCES webhook_delivery (id),
    subscription_id TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    event_id        TEXT    NOT NULL,
    event_type      TEXT    NOT NULL,
    url             TEXT    NOT NULL,
    request_id      TEXT    NOT NULL,
    response_status INTEGER,                    -- null: no answer
    response_body   TEXT,
    error_detail    TEXT,
    duration_ms     INTEGER NOT NULL,
    is_replay       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO webhook_attempt_rows SELECT * FROM webhook_attempt ORDER BY id;
DROP TABLE webhook_attempt;
ALTER TABLE webhook_attempt_rows RENAME TO webhook_attempt;
CREATE INDEX webhook_attempt_delivery ON webhook_attempt (delivery_id);
CREATE INDEX webhook_attempt_organization ON webhook_attempt (organization_id, id);
CREATE INDEX webhook_attempt_subscription ON webhook_attempt (subscription_id, id);
