-- A row of `contacts` is an identity: one person on one platform, as one account of ours knows them. Several may be one
-- contact, whose number is that of the row which `person` names; null: the identity is a contact of its own.
ALTER TABLE contacts ADD COLUMN person INTEGER REFERENCES contacts (id);
ALTER TABLE contacts ADD COLUMN zone TEXT NOT NULL DEFAULT ''; -- IANA; empty: unknown
ALTER TABLE contacts ADD COLUMN forgotten_at INTEGER;
CREATE INDEX contacts_person ON contacts (COALESCE(person, id));

-- What people said of who is whom. The record has that they did; their words may be about the contact, and go with it.
CREATE TABLE contact_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity INTEGER NOT NULL REFERENCES contacts (id), -- which was moved
    contact INTEGER NOT NULL,                           -- to whom, or from whom
    act TEXT NOT NULL,                                  -- merged, split
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX contact_decisions_identity ON contact_decisions (identity);

-- What contacts did on a platform beside writing.
CREATE TABLE contact_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    contact INTEGER NOT NULL REFERENCES contacts (id),
    kind TEXT NOT NULL,      -- a signal's name
    native_id TEXT NOT NULL, -- the platform's address of it; may be empty
    about TEXT NOT NULL,     -- native id of what we posted; may be empty
    at INTEGER NOT NULL
);
CREATE INDEX contact_events_contact ON contact_events (contact);

-- What moves contacts on the A-Path. Never changed; removed with the contact's words only.
CREATE TABLE stage_evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL REFERENCES contacts (id), -- the identity
    account TEXT NOT NULL,
    signal TEXT NOT NULL,
    message_id INTEGER NOT NULL DEFAULT 0, -- or
    event_id INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    UNIQUE (contact, signal, message_id, event_id)
);

-- Worked out of the evidence by the rules in policies/stages.yaml; `contact` is the contact's number.
CREATE TABLE stage_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    from_stage TEXT NOT NULL, -- empty: none
    to_stage TEXT NOT NULL,
    why TEXT NOT NULL,
    evidence TEXT NOT NULL -- ids, JSON
);
CREATE INDEX stage_moves_contact ON stage_moves (contact, account);
CREATE TABLE stages (
    contact INTEGER NOT NULL,
    account TEXT NOT NULL,
    stage TEXT NOT NULL, -- empty: none any more
    since INTEGER NOT NULL,
    lost_at INTEGER, -- when it is lost if nothing more is heard
    PRIMARY KEY (contact, account)
) WITHOUT ROWID;
CREATE INDEX stages_lost ON stages (lost_at) WHERE lost_at IS NOT NULL;

-- How far the evidence has been looked for: in the traces, in the events.
CREATE TABLE relations_read (
    what TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;

-- Of whom and what was forgotten, keyed hashes: a block still holds, and what a platform repeats is not kept anew.
CREATE TABLE forgotten (
    hash TEXT PRIMARY KEY,
    blocked_at INTEGER,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX suggestions_receipt ON suggestions (receipt_id) WHERE receipt_id <> '';
CREATE INDEX messages_parent ON messages (account, parent_id);
