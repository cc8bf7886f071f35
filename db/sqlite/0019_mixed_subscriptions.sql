-- webhooks: a subscription may name events of any families, so it has no channel of its own; which of an identity's may
-- share a URL depends on their events. What a receiver wants as its bearer token lies under the server's key, bound to
-- the row. `revision` counts what the owner changed.

CREATE TABLE webhook_subscription_rows (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    operator        INTEGER NOT NULL,
    url             TEXT    NOT NULL,
    event_types     TEXT    NOT NULL,           -- JSON array of names
    context_config  TEXT,                       -- JSON object
    auth_token      TEXT,                       -- sealed
    revision        INTEGER NOT NULL DEFAULT 1,
    failing_since   INTEGER,                    -- of the first failure since the last success
    paused_at       INTEGER,
    paused_reason   TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
INSERT INTO webhook_subscription_rows (id, organization_id, identity_id, operator, url, event_types, context_config,
                                       failing_since, paused_at, paused_reason, created_at, updated_at)
SELECT id, organization_id, identity_id, operator, url, event_types, context_config,
       failing_since, paused_at, paused_reason, created_at, updated_at
  FROM webhook_subscription;
DROP TABLE webhook_subscription;
ALTER TABLE webhook_subscription_rows RENAME TO webhook_subscription;
CREATE INDEX webhook_subscription_organization ON webhook_subscription (organization_id, id);
CREATE INDEX webhook_subscription_identity ON webhook_subscription (identity_id, id);
