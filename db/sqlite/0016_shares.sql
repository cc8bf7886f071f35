-- What an organization may have so many of is counted whenever one is made: only what lives, whatever else it had before.
CREATE INDEX identity_living ON identity (organization_id) WHERE deleted_at IS NULL;
CREATE INDEX api_key_living ON api_key (organization_id) WHERE revoked_at IS NULL AND identity_id IS NOT NULL;
