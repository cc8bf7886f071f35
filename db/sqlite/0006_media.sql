-- media: files that agents uploaded and people sent. The bytes are in data/media, under the row's id.

-- The token is part of an address that messages and events hold as well, so hashing it here would hide nothing. The
-- picture of an agent is a file like any other, but stays for as long as it is the picture.
CREATE TABLE media (
    id              TEXT    PRIMARY KEY,
    organization_id TEXT    NOT NULL,
    identity_id     TEXT,                       -- the one whose messages refer to it; null: nobody's yet, or several
    person          TEXT,                       -- who sent it; null: an agent uploaded it
    avatar_of       TEXT,                       -- the identity that shows it
    token           TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,
    content_type    TEXT    NOT NULL,
    size            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    used_at         INTEGER,                    -- when a message last referred to it; null: none did
    used_again      INTEGER NOT NULL DEFAULT 0, -- whether more than one message referred to it
    removed_at      INTEGER                     -- the bytes are gone
);
CREATE INDEX media_organization ON media (organization_id) WHERE removed_at IS NULL;
CREATE INDEX media_person ON media (person) WHERE person IS NOT NULL;
CREATE INDEX media_identity ON media (identity_id) WHERE removed_at IS NULL;
CREATE INDEX media_age ON media (used_at, created_at) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX media_avatar ON media (avatar_of) WHERE avatar_of IS NOT NULL;
