-- router: what it said.

-- When it spoke to whom, so that it never talks too much. `kind` is reply, hint or consent.
CREATE TABLE router_spoken (
    person TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    at     INTEGER NOT NULL
);
CREATE INDEX router_spoken_person ON router_spoken (person, kind, at);
