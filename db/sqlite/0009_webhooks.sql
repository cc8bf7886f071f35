-- webhooks: who wants to hear of which events, what is owed to them, and every attempt to tell them.

-- A deleted row is gone: its URL and its slot are free. A subscription may name events of any families, so it has no
-- channel of its own; which of an identity's may share a URL depends on their events. `operator` tells that the
-- organization is the server's own. What a receiver wants as its bearer token lies under the server's key, bound to the
-- row. `revision` counts what the owner changed.
CREATE TABLE webhook_subscription (
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
CREATE INDEX webhook_subscription_organization ON webhook_subscription (organization_id, id);
CREATE INDEX webhook_subscription_identity ON webhook_subscription (identity_id, id);

-- One event owed to one subscription: state pending, succeeded, failed (given up), cancelled (subscription deleted, or
-- the event no longer wanted) or sample (a test event, owed to nobody; few are kept). `attempts` counts along the list of
-- retries and begins anew when a failed one is queued again; `tried` says that a first attempt was made. A pending row
-- without `next_attempt_at` waits for the first attempt of the event before it in its conversation. The history that a
-- subscription asked for is put into a body only before its first attempt. There is no index by person or by age: ids
-- begin with the time, and who exports or erases a person looks through the table.
CREATE TABLE webhook_delivery (
    id              TEXT    PRIMARY KEY,
    subscription_id TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    conversation_id TEXT,
    person          TEXT,
    event_id        TEXT    NOT NULL,
    event_type      TEXT    NOT NULL,
    body            TEXT    NOT NULL,           -- exactly what is signed and sent
    context_config  TEXT,                       -- JSON object of the history that `body` still lacks; null: none
    request_id      TEXT    NOT NULL,           -- of the next attempt
    state           TEXT    NOT NULL,
    tried           INTEGER NOT NULL DEFAULT 0,
    replayed        INTEGER NOT NULL DEFAULT 0, -- queued again by hand
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER,
    ended_at        INTEGER,                    -- when it failed
    created_at      INTEGER NOT NULL,
    UNIQUE (subscription_id, event_id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (subscription_id, next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX webhook_delivery_untried ON webhook_delivery (subscription_id, conversation_id, id)
    WHERE state = 'pending' AND tried = 0;
CREATE INDEX webhook_delivery_failed ON webhook_delivery (subscription_id, ended_at) WHERE state = 'failed';
CREATE INDEX webhook_delivery_sample ON webhook_delivery (subscription_id, id) WHERE state = 'sample';

-- The delivery log, short rows in the order of their ids. It outlives the subscription, hence the copies of its columns.
CREATE TABLE webhook_attempt (
    id              TEXT    PRIMARY KEY,
    delivery_id     TEXT    NOT NULL REFERENCES webhook_delivery (id),
    subscription_id TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    event_id        TEXT    NOT NULL,
    event_type      TEXT    NOT NULL,
    url             TEXT    NOT NULL,
    request_id      TEXT    NOT NULL,
    response_status INTEGER,                    -- null: no answer
    response_body   TEXT,
    error_detail    TEXT,
    inside          INTEGER NOT NULL DEFAULT 0, -- the answer came from an address that is not public: for admins alone
    duration_ms     INTEGER NOT NULL,
    is_replay       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX webhook_attempt_delivery ON webhook_attempt (delivery_id);
CREATE INDEX webhook_attempt_organization ON webhook_attempt (organization_id, id);
CREATE INDEX webhook_attempt_subscription ON webhook_attempt (subscription_id, id);
