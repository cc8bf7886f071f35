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
DROP INDEX webhook_attempt_age;
DROP INDEX transport_inbox_age;
