-- conversations: what became of a text after it came. `occurred_at` is when the person wrote it, as its line says;
-- `edited_at` when they last changed it; `unsent_at` when they took it back, and it says nothing any more.
ALTER TABLE message ADD COLUMN occurred_at INTEGER;
ALTER TABLE message ADD COLUMN edited_at INTEGER;
ALTER TABLE message ADD COLUMN unsent_at INTEGER;

-- Files that did not come with their text: the message that a file joins, and what its line calls it. `wait` is how long
-- the pause is that ends at `due_at`, in microseconds.
CREATE TABLE awaited_file (
    message_id TEXT    PRIMARY KEY REFERENCES message (id),
    person     TEXT    NOT NULL,
    line       TEXT    NOT NULL,
    media      TEXT    NOT NULL,
    media_type TEXT,
    attempts   INTEGER NOT NULL,
    wait       INTEGER NOT NULL,
    due_at     INTEGER NOT NULL
);
CREATE INDEX awaited_file_person ON awaited_file (person, due_at);

-- media: whether more than one message referred to the file.
ALTER TABLE media ADD COLUMN used_again INTEGER NOT NULL DEFAULT 0;
