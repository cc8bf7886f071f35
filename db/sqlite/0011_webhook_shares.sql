-- webhooks: answers from addresses inside are for admins alone, samples are kept in small numbers, and the history that
-- a subscription asked for is put into a body only before its first attempt.

-- The answer came from an address that is not public. Of what the operator's subscriptions heard before, nobody knows.
ALTER TABLE webhook_attempt ADD COLUMN inside INTEGER NOT NULL DEFAULT 0;
UPDATE webhook_attempt SET inside = 1
 WHERE organization_id IN (SELECT organization_id FROM webhook_subscription WHERE operator = 1);

-- The JSON object of the history that `body` still lacks; null when it lacks none.
ALTER TABLE webhook_delivery ADD COLUMN context_config TEXT;

CREATE INDEX webhook_delivery_sample ON webhook_delivery (subscription_id, id) WHERE state = 'sample';
