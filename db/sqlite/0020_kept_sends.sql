-- conversations: what a request with an idempotency key made is kept as an id. The answer is told from the message or the
-- tapback itself, so that no words outlive the message that they were in.
CREATE TABLE idempotency_rows (
    identity_id TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    made_id     TEXT    NOT NULL,
    fingerprint TEXT,                  -- keyed hash of the request; null: made before this table, for which any will do
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (identity_id, endpoint, key)
);
INSERT INTO idempotency_rows (identity_id, endpoint, key, person, made_id, created_at)
SELECT identity_id, endpoint, key, person, coalesce(json_extract(body, '$.message.id'), json_extract(body, '$.id')), created_at
  FROM idempotency;
DROP TABLE idempotency;
ALTER TABLE idempotency_rows RENAME TO idempotency;
CREATE INDEX idempotency_age ON idempotency (created_at);
