-- contacts: the address book of an organization.

-- `details` is the JSON object of what people wrote into it. `name`, `sort_key` and `search_text` are derived from that;
-- `revision` counts its changes, so that two who change it at once cannot undo each other.
CREATE TABLE contact (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    details         TEXT    NOT NULL,
    name            TEXT,                       -- null: it has none
    sort_key        TEXT    NOT NULL,
    search_text     TEXT    NOT NULL,
    confirmed       INTEGER NOT NULL,
    reviewed_at     INTEGER,
    created_by      TEXT,                       -- the identity whose key made it; null: an admin's
    revision        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
CREATE INDEX contact_by_name ON contact (organization_id, sort_key, id);
CREATE INDEX contact_by_time ON contact (organization_id, updated_at, id);

-- Which contact a number (kind phone) or a mail address (kind email, in small letters) belongs to: one per organization.
CREATE TABLE contact_address (
    organization_id TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    address         TEXT    NOT NULL,
    contact_id      TEXT    NOT NULL,
    PRIMARY KEY (organization_id, kind, address)
) WITHOUT ROWID;
CREATE INDEX contact_address_contact ON contact_address (contact_id);
CREATE INDEX contact_address_address ON contact_address (address);

-- What an agent may see of a contact, where that was ever said; without a row it sees all of it.
CREATE TABLE contact_permission (
    identity_id     TEXT    NOT NULL,
    contact_id      TEXT    NOT NULL,
    profile         INTEGER NOT NULL,           -- 0: the contact does not exist for this agent
    memories        INTEGER NOT NULL,
    PRIMARY KEY (identity_id, contact_id)
) WITHOUT ROWID;
CREATE INDEX contact_permission_contact ON contact_permission (contact_id);

-- Whether an agent may write to a contact's mail address and be written to from there, where that was said. There is no mail
-- here, so this is kept for those who ask. What was said of numbers is a rule.
CREATE TABLE contact_mail_permission (
    identity_id     TEXT    NOT NULL,
    contact_id      TEXT    NOT NULL,
    address         TEXT    NOT NULL,
    inbound         INTEGER,
    outbound        INTEGER,
    PRIMARY KEY (identity_id, contact_id, address)
) WITHOUT ROWID;
CREATE INDEX contact_mail_permission_contact ON contact_mail_permission (contact_id);
