-- Tapbacks of people on a message whose sending is not confirmed yet: only its provider id is known. They are applied
-- when the message gets that id, and forgotten after a day.

CREATE TABLE early_tapback (
    id           INTEGER PRIMARY KEY,
    line         TEXT    NOT NULL,
    provider_id  TEXT    NOT NULL,              -- of the message
    person       TEXT    NOT NULL,
    reaction     TEXT    NOT NULL,
    custom_emoji TEXT,
    part_index   INTEGER NOT NULL,
    removed      INTEGER NOT NULL,
    parked_at    INTEGER NOT NULL
);
CREATE INDEX early_tapback_provider ON early_tapback (line, provider_id);
