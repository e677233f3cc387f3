-- Who asked us to stop, how, and whether they have taken it back. A contact's own words are in the message, not here.
CREATE TABLE opt_outs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL REFERENCES contacts (id),
    account TEXT NOT NULL,
    identity_hash TEXT NOT NULL, -- SHA-256 of account and identity: it holds although the contact is forgotten
    how TEXT NOT NULL, -- words, block, report, person
    message_id INTEGER NOT NULL DEFAULT 0, -- in which they said so
    language TEXT NOT NULL DEFAULT '', -- of the words
    asked_at INTEGER NOT NULL, -- when they did, as far as the platform's clock can be believed
    noted_at INTEGER NOT NULL,
    noted_by TEXT NOT NULL DEFAULT 'kith',
    reason TEXT NOT NULL DEFAULT '', -- what the person says who noted it
    lifted_at INTEGER, -- null: in force
    lifted_by TEXT NOT NULL DEFAULT '', -- 'contact', or a person
    lift_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX opt_outs_contact ON opt_outs (contact);
CREATE INDEX opt_outs_in_force ON opt_outs (identity_hash) WHERE lifted_at IS NULL;

-- A block counts as one, also from before this table. There is no SHA-256 in SQL: these are found by the contact alone.
INSERT INTO opt_outs (contact, account, identity_hash, how, asked_at, noted_at)
    SELECT id, account, '', 'block', blocked_at, blocked_at FROM contacts WHERE blocked_at IS NOT NULL;
