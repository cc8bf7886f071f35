-- Handles that were given up, by a new name or with their identity, are kept for their organization for a while: people
-- still text them. Rows go when their time is over.
CREATE TABLE kept_handle (
    handle          TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL REFERENCES organization (id),
    kept_until      INTEGER NOT NULL
) WITHOUT ROWID;

-- Whom a person has now, and whom they had last on a line: asked at every text, whatever else there was.
CREATE INDEX connection_active ON connection (person) WHERE released_at IS NULL;
CREATE INDEX connection_on_line ON connection (person, line, id);
