-- What is put off keeps when that was decided: later than its own wait it is never due, whichever way a clock goes.
ALTER TABLE message ADD COLUMN put_off_at INTEGER;
ALTER TABLE transport_outbox ADD COLUMN put_off_at INTEGER;
ALTER TABLE transport_inbox ADD COLUMN put_off_at INTEGER;

-- What a send is looked for by: it was not sent before its words were made.
ALTER TABLE transport_outbox ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;

-- A line may call a text that came in what it called one that went out.
DROP INDEX message_provider;
CREATE UNIQUE INDEX message_provider ON message (line, provider_id, outbound) WHERE provider_id IS NOT NULL;

-- A message that its line took, and told late that the person has no iMessage: it goes out once more under this id, for
-- drivers know the first. `requeued` is 1 until that is settled; what the agent sees never goes back meanwhile.
ALTER TABLE message ADD COLUMN resend_id TEXT;
ALTER TABLE message ADD COLUMN requeued INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_requeued ON message (conversation_id, id) WHERE requeued = 1;
