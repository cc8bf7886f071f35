-- conversations: people by their numbers, and what admins sent.

-- People of an organization, by number. A conversation keeps both for life, so no message writes this index.
CREATE INDEX conversation_person ON conversation (organization_id, person);

-- Sent with an admin key in the agent's name.
ALTER TABLE message ADD COLUMN by_admin INTEGER NOT NULL DEFAULT 0;
