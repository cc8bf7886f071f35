-- Who may reach whom, each way apart. A row has all that an identity decided about a number, so that a verdict reads one:
-- for each side the rule that covers it, which is the same one twice where it covers both. A hidden number is denied
-- whatever its rules say, and may have none.

CREATE TABLE contact_rule_rows (
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
INSERT INTO contact_rule_rows
SELECT identity_id, number, organization_id, 0, id, action, paused, created_at, updated_at,
       id, action, paused, created_at, updated_at
  FROM contact_rule;
DROP TABLE contact_rule;
ALTER TABLE contact_rule_rows RENAME TO contact_rule;
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

-- The phone's modes are iMessage's; the undirected one is what was set last for both sides at once.
ALTER TABLE identity ADD COLUMN phone_inbound_filter  TEXT NOT NULL DEFAULT 'blacklist';
ALTER TABLE identity ADD COLUMN phone_outbound_filter TEXT NOT NULL DEFAULT 'blacklist';
ALTER TABLE identity ADD COLUMN mail_inbound_filter   TEXT NOT NULL DEFAULT 'blacklist';
ALTER TABLE identity ADD COLUMN mail_outbound_filter  TEXT NOT NULL DEFAULT 'blacklist';
ALTER TABLE identity ADD COLUMN contact_sharing INTEGER NOT NULL DEFAULT 1;
UPDATE identity
   SET phone_filter = imessage_filter, phone_inbound_filter = imessage_filter, phone_outbound_filter = imessage_filter,
       mail_inbound_filter = mail_filter, mail_outbound_filter = mail_filter;
ALTER TABLE identity DROP COLUMN imessage_filter;
