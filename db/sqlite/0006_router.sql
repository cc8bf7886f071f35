-- router: what it said, and what people said about being texted at all.

-- When it spoke to whom, so that it never talks too much. `kind` is reply, hint or consent.

CREATE TABLE router_spoken (
    person TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    at     INTEGER NOT NULL
);
CREATE INDEX router_spoken_person ON router_spoken (person, kind, at);

-- Who told the router to stop: a hash of the number, keyed with the server key, so that it outlives what else is known
-- of the person and names nobody. A row goes when the person lets it go on.
CREATE TABLE consent (
    person_hash TEXT    PRIMARY KEY,
    stopped_at  INTEGER NOT NULL
) WITHOUT ROWID;

-- What each organization may know of that. `identity_id` is null when it was said to the router and concerns all agents.
CREATE TABLE consent_change (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    identity_id     TEXT,
    stopped         INTEGER NOT NULL,
    words           TEXT    NOT NULL,
    at              INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX consent_change_organization ON consent_change (organization_id, id);
