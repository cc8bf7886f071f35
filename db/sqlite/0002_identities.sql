-- identities: organizations, identities, API keys, signing keys.

CREATE TABLE organization (
    id         TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    operator   INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX organization_operator ON organization (operator) WHERE operator = 1;

-- A filter tells whom the identity's rules let through, each way apart; the undirected one is what was set last for both
-- sides at once. The phone's are iMessage's.
CREATE TABLE identity (
    id                    TEXT    PRIMARY KEY,
    organization_id       TEXT    NOT NULL REFERENCES organization (id),
    handle                TEXT    NOT NULL,
    display_name          TEXT,
    description           TEXT,
    enabled               INTEGER NOT NULL,
    contact_sharing       INTEGER NOT NULL DEFAULT 1,
    phone_filter          TEXT    NOT NULL,
    phone_inbound_filter  TEXT    NOT NULL DEFAULT 'blacklist',
    phone_outbound_filter TEXT    NOT NULL DEFAULT 'blacklist',
    mail_filter           TEXT    NOT NULL,
    mail_inbound_filter   TEXT    NOT NULL DEFAULT 'blacklist',
    mail_outbound_filter  TEXT    NOT NULL DEFAULT 'blacklist',
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    deleted_at            INTEGER
);
CREATE UNIQUE INDEX identity_handle ON identity (handle) WHERE deleted_at IS NULL;
CREATE INDEX identity_organization ON identity (organization_id, id);

-- What an organization may have so many of is counted whenever one is made: only what lives, whatever else it had before.
CREATE INDEX identity_living ON identity (organization_id) WHERE deleted_at IS NULL;

-- Handles that were given up, by a new name or with their identity, are kept for their organization for a while: people
-- still text them. Rows go when their time is over.
CREATE TABLE kept_handle (
    handle          TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL REFERENCES organization (id),
    kept_until      INTEGER NOT NULL
) WITHOUT ROWID;

-- `hash` is the SHA-256 of the whole key, in hex; the key itself is nowhere.
CREATE TABLE api_key (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL REFERENCES organization (id),
    identity_id     TEXT    REFERENCES identity (id),
    hash            TEXT    NOT NULL,
    last4           TEXT    NOT NULL,
    label           TEXT    NOT NULL,
    description     TEXT,
    last_used_at    INTEGER,
    expires_at      INTEGER,
    revoked_at      INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
CREATE INDEX api_key_identity ON api_key (identity_id);
CREATE INDEX api_key_organization ON api_key (organization_id, id);

-- Counted like identities.
CREATE INDEX api_key_living ON api_key (organization_id) WHERE revoked_at IS NULL AND identity_id IS NOT NULL;

-- What an agent asked to be done with calls; kept for its plugin, since there are none.
CREATE TABLE call_action (
    identity_id          TEXT PRIMARY KEY REFERENCES identity (id),
    action               TEXT NOT NULL,
    client_websocket_url TEXT,
    webhook_url          TEXT
) WITHOUT ROWID;

-- Secrets are encrypted under the folder's server key. The key before the last rotation signs along for a while.
CREATE TABLE signing_key (
    identity_id     TEXT    PRIMARY KEY REFERENCES identity (id),
    secret          TEXT    NOT NULL,
    previous_secret TEXT,
    previous_until  INTEGER,
    created_at      INTEGER NOT NULL
);
