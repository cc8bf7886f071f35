-- webhooks: who wants to hear of which events, what is owed to them, and every attempt to tell them.

-- A deleted row is gone: its URL and its slot are free. A subscription may name events of any families, so it has no
-- channel of its own; which of an identity's may share a URL depends on their events. `operator` tells that the
-- organization is the server's own. What a receiver wants as its bearer token lies under the server's key, bound to the
-- row. `revision` counts what the owner changed. `position` is the number in the journal up to which every event that it
-- wants had its first attempt; those that failed are in webhook_delivery.
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
    position        INTEGER NOT NULL,
    failing_since   INTEGER,                    -- of the first failure since the last success
    paused_at       INTEGER,
    paused_reason   TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
CREATE INDEX webhook_subscription_organization ON webhook_subscription (organization_id, id);
CREATE INDEX webhook_subscription_identity ON webhook_subscription (identity_id, id);

-- What the journal alone does not tell of an event and a subscription: state pending (failed, and tried again at
-- `next_attempt_at`), failed (given up), cancelled (subscription deleted, or the event no longer wanted), succeeded (after
-- a failure, or with a body of its own: history, a name), or sample (a test event, owed to nobody; few are kept). An event
-- that was taken at the first attempt, as most are, has no row. `attempts` counts along the list of retries and begins
-- anew when a failed one is queued again; `request` numbers the ids of requests. There is no index by person or by age:
-- who exports or erases a person looks through the table.
CREATE TABLE webhook_delivery (
    id              TEXT    PRIMARY KEY,
    subscription_id TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT    NOT NULL,
    person          TEXT,
    seq             INTEGER NOT NULL,           -- in the journal; 0 for a sample
    event_id        INTEGER NOT NULL,
    event_salt      INTEGER NOT NULL,
    event_type      TEXT    NOT NULL,
    body            TEXT    NOT NULL,           -- exactly what is signed and sent
    request         INTEGER NOT NULL DEFAULT 0, -- of the next attempt
    state           TEXT    NOT NULL,
    replayed        INTEGER NOT NULL DEFAULT 0, -- queued again by hand
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER,
    ended_at        INTEGER,                    -- when it failed
    created_at      INTEGER NOT NULL,           -- when the event happened
    tried_at        INTEGER NOT NULL,
    UNIQUE (subscription_id, event_id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (subscription_id, next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX webhook_delivery_failed ON webhook_delivery (subscription_id, ended_at) WHERE state = 'failed';
CREATE INDEX webhook_delivery_sample ON webhook_delivery (subscription_id, id) WHERE state = 'sample';

-- The delivery log, short rows in the order of their ids. It outlives the subscription, hence the copies of its columns;
-- what was posted is in webhook_delivery, or else the event's envelope.
CREATE TABLE webhook_attempt (
    id              INTEGER PRIMARY KEY,
    salt            INTEGER NOT NULL,
    uuid            TEXT    GENERATED ALWAYS AS (printf('%08x-%04x-7%03x-%04x-%012x', id >> 28, id >> 12 & 65535, id & 4095,
                                                        salt >> 48 & 65535, salt & 281474976710655)) VIRTUAL,
    organization_no INTEGER NOT NULL,           -- symbol
    identity_no     INTEGER NOT NULL,           -- symbol
    subscription_no INTEGER NOT NULL,           -- symbol
    seq             INTEGER NOT NULL,           -- in the journal; 0 for a sample
    event_id        INTEGER NOT NULL,
    url             TEXT    NOT NULL,
    response_status INTEGER,                    -- null: no answer
    response_body   TEXT,
    error_detail    TEXT,
    inside          INTEGER NOT NULL DEFAULT 0, -- the answer came from an address that is not public: for admins alone
    duration_ms     INTEGER NOT NULL,
    is_replay       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
);
CREATE INDEX webhook_attempt_organization ON webhook_attempt (organization_no, id);
CREATE INDEX webhook_attempt_subscription ON webhook_attempt (subscription_no, id);
