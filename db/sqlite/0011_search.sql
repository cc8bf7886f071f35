-- conversations: the words of messages, to be searched.

-- The key of a row is that of its message. Words are cut and spelled by `Words`, each with the number of its identity
-- before it, so a question of one identity never comes near the words of another. Only the index is kept, no text.
CREATE VIRTUAL TABLE message_search USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':!@'"
);
INSERT INTO message_search (message_search, rank) VALUES ('automerge', 16);

-- Organizations that search, and the key of the newest message whose words are in. `changes` counts what was changed or
-- taken out of the index; up to `purged` it is gone from the file too.
CREATE TABLE search_progress (
    organization_no INTEGER PRIMARY KEY,        -- symbol
    indexed         INTEGER NOT NULL DEFAULT 0, -- a message
    changes         INTEGER NOT NULL DEFAULT 0,
    purged          INTEGER NOT NULL DEFAULT 0,
    searched_at     INTEGER NOT NULL
);

-- Whose messages are in.
CREATE TABLE search_identity (
    organization_no INTEGER NOT NULL,           -- symbol
    identity_no     INTEGER NOT NULL,           -- symbol
    PRIMARY KEY (organization_no, identity_no)
) WITHOUT ROWID;
