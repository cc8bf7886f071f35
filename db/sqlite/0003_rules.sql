-- rules: who may reach an identity.

CREATE TABLE contact_rule (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    action          TEXT    NOT NULL,
    number          TEXT    NOT NULL,
    paused          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (identity_id, number)
);
CREATE INDEX contact_rule_organization ON contact_rule (organization_id, id);
