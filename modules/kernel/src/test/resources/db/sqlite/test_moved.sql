-- For MigrationsTest: an upgrade that moves the rows of two tables into new ones.

CREATE TABLE journal_rows (
    organization_no INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    event_id        INTEGER PRIMARY KEY,
    type            TEXT    NOT NULL,
    payload         TEXT    NOT NULL,
    length          INTEGER NOT NULL,
    UNIQUE (organization_no, seq)
);
INSERT INTO journal_rows
SELECT organization_no, seq, event_id, type, payload, length(payload) FROM journal;
DROP TABLE journal;
ALTER TABLE journal_rows RENAME TO journal;

ALTER TABLE journal_head ADD COLUMN events INTEGER NOT NULL DEFAULT 0;
UPDATE journal_head AS h
   SET events = (SELECT count(*) FROM journal WHERE organization_no = h.organization_no);
