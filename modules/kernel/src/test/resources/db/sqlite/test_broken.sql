-- For MigrationsTest: an upgrade that fails when it has changed something.

CREATE TABLE half_done (id TEXT PRIMARY KEY);
DELETE FROM journal_head;
INSERT INTO nowhere VALUES (1);
