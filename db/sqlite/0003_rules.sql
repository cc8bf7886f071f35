-- rules: who may reach an identity, whom it may reach, and what people said about being texted at all.

-- Each way apart. A row has all that an identity decided about a number, so that a verdict reads one: for each side the
-- rule that covers it, which is the same one twice where it covers both. A hidden number is denied whatever its rules say,
-- and may have none.
CREATE TABLE contact_rule (
    identity_id         TEXT    NOT NULL,
    number              TEXT    NOT NULL,
    organization_id     TEXT    NOT NULL,
    hidden              INTEGER NOT NULL,
    inbound_rule        TEXT,                   -- null: no rule covers this side
    inbound_action      TEXT,
    inbound_paused      INTEGER,
    inbound_created_at  INTEGER,
    inbound_updated_at  INTEGER,
    outbound_rule       TEXT,
    outbound_action     TEXT,
    outbound_paused     INTEGER,
    outbound_created_at INTEGER,
    outbound_updated_at INTEGER,
    PRIMARY KEY (identity_id, number)
) WITHOUT ROWID;
CREATE INDEX contact_rule_inbound ON contact_rule (organization_id, inbound_rule);
CREATE INDEX contact_rule_outbound ON contact_rule (organization_id, outbound_rule);

-- The ids of rules that became one with another go on naming it.
CREATE TABLE contact_rule_alias (
    id          TEXT PRIMARY KEY,
    rule_id     TEXT NOT NULL,
    identity_id TEXT NOT NULL,
    number      TEXT NOT NULL,
    FOREIGN KEY (identity_id, number) REFERENCES contact_rule (identity_id, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX contact_rule_alias_of ON contact_rule_alias (identity_id, number);

-- Who told the router to stop: a hash of the number, keyed with the server key, so that it outlives what else is known
-- of the person and names nobody. A row goes when the person lets it go on.
CREATE TABLE consent (
    person_hash TEXT    PRIMARY KEY,
    stopped_at  INTEGER NOT NULL
) WITHOUT ROWID;

-- Who told a line to stop that is one agent's own number, known by a keyed hash alone as well: the number must not text
-- them until they say otherwise, or connect with its agent at the router.
CREATE TABLE line_stop (
    line        TEXT    NOT NULL,
    person_hash TEXT    NOT NULL,
    stopped_at  INTEGER NOT NULL,
    PRIMARY KEY (line, person_hash)
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
