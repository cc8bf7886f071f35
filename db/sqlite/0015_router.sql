-- router: whom it told that a number is needed, so that nobody hears it twice. `sender` is a digest of the line and their
-- address.
CREATE TABLE router_stranger (
    sender BLOB    NOT NULL PRIMARY KEY,
    line   TEXT    NOT NULL,
    at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX router_stranger_line ON router_stranger (line, at);
