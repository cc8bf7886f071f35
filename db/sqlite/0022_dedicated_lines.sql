-- conversations and router: lines that are one agent's own number.

-- Under which id the API shows the number. The organization is the first whose agent had the handle; nobody else's agent gets
-- the line, whoever takes the handle later.
CREATE TABLE dedicated_number (
    line            TEXT PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    handle          TEXT NOT NULL,
    organization_id TEXT
) WITHOUT ROWID;

-- What somebody wrote whom the agent's rules keep out belongs to a connection that never was: it is over as it begins.
ALTER TABLE connection ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;

-- Who told such a line to stop, known by a keyed hash alone, as in `consent`: the number must not text them until they say
-- otherwise, or connect with its agent at the router.
CREATE TABLE line_stop (
    line        TEXT    NOT NULL,
    person_hash TEXT    NOT NULL,
    stopped_at  INTEGER NOT NULL,
    PRIMARY KEY (line, person_hash)
) WITHOUT ROWID;
