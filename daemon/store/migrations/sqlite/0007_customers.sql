-- Customers, and what is proposed to them because of what they bought or once asked; canaries.

-- A contact who said that we may write to them as a customer. The row of a consent that was withdrawn stays,
-- without all that it said: a list imported later must not bring it back.
CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL UNIQUE REFERENCES contacts (id),
    zone TEXT NOT NULL DEFAULT '',
    consent_how TEXT NOT NULL CHECK (consent_how <> ''),
    consent_at INTEGER NOT NULL,
    consent_message INTEGER REFERENCES messages (id), -- in which they said so themselves
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    ended_at INTEGER,
    ended_why TEXT NOT NULL DEFAULT ''
);

-- Lists name people by their handles.
CREATE INDEX contacts_handle ON contacts (account, handle COLLATE NOCASE);

CREATE TABLE purchases (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id),
    product TEXT NOT NULL,
    bought_at INTEGER NOT NULL,
    UNIQUE (customer, product, bought_at)
);

-- What a person said is mended: all reports that a playbook heard, or what one message reported.
CREATE TABLE fixes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    playbook TEXT NOT NULL DEFAULT '',
    message_id INTEGER REFERENCES messages (id),
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL
);

-- When each revision of an answer was first in force; 0: before anybody looked.
CREATE TABLE answer_revisions (
    answer TEXT NOT NULL,
    revision TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (answer, revision)
) WITHOUT ROWID;

-- Each once for a contact, whatever becomes of it. One that the policies denied may still be proposed later.
CREATE TABLE occasions (
    id INTEGER PRIMARY KEY,
    contact INTEGER NOT NULL REFERENCES contacts (id),
    key TEXT NOT NULL,
    playbook TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL, -- proposed, denied
    why TEXT NOT NULL DEFAULT '', -- the verdict that denied it
    at INTEGER NOT NULL,
    message_id INTEGER NOT NULL REFERENCES messages (id),
    UNIQUE (contact, key)
);

-- What a suggestion is for: the answer to its message, or an occasion, of which the message is only the place.
ALTER TABLE suggestions ADD COLUMN purpose TEXT NOT NULL DEFAULT 'answer';
ALTER TABLE deliveries ADD COLUMN purpose TEXT NOT NULL DEFAULT 'answer';
CREATE INDEX suggestions_occasions ON suggestions (state) WHERE purpose = 'occasion';
DROP INDEX deliveries_one;
-- The last line against a second one: a message has at most one answer, and at most one occasion is told beneath it.
CREATE UNIQUE INDEX deliveries_one ON deliveries (message_id, purpose)
    WHERE state IN ('approved', 'sending', 'delivered', 'unsure');

-- Drafts that are wrong on purpose. Their ids come from the sequence of the suggestions, so that no suggestion ever
-- has one of them, and so no delivery can name one.
CREATE TABLE canaries (
    id INTEGER PRIMARY KEY,
    suggestion_id INTEGER NOT NULL UNIQUE REFERENCES suggestions (id), -- in whose place it is shown
    department TEXT NOT NULL,
    fault TEXT NOT NULL,
    wrong TEXT NOT NULL, -- in words
    text TEXT NOT NULL,
    verdict TEXT NOT NULL, -- JSON
    token TEXT NOT NULL,   -- makes its hash look like any other
    state TEXT NOT NULL DEFAULT 'open', -- open, caught, missed
    act TEXT NOT NULL DEFAULT '',       -- approved, edited, rejected
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at INTEGER,
    placed_at INTEGER NOT NULL
);
CREATE INDEX canaries_open ON canaries (suggestion_id) WHERE state = 'open';
CREATE INDEX canaries_decided ON canaries (decided_by) WHERE state <> 'open';
