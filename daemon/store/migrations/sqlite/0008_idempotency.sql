-- Writes that a person's program may repeat: each key is acted on once, and its answer given again for a day.
CREATE TABLE idempotency (
    person TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL, -- a hash: the same key with another request is a mistake
    -- running; done, with its answer; gone: nobody knows its answer any more (we stopped meanwhile, or a contact of
    -- whom it may have told was forgotten)
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'gone')),
    at INTEGER NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    type TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (person, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);
