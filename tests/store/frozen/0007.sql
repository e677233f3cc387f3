-- DO NOT EDIT. The schema of version 7 as it was, with data of that time.
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    cursor TEXT NOT NULL DEFAULT '',
    moved_at INTEGER
) WITHOUT ROWID;
INSERT INTO accounts VALUES('acc','42',1790000000000000);
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    identity TEXT NOT NULL,
    handle TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    bot INTEGER NOT NULL DEFAULT 0,
    blocked_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL, person INTEGER REFERENCES contacts (id), zone TEXT NOT NULL DEFAULT '', forgotten_at INTEGER,
    UNIQUE (account, identity)
);
INSERT INTO contacts VALUES(1,'acc','ann','ann','Ann',0,NULL,1790000000000000,1790000000000000,NULL,'',NULL);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    native_id TEXT NOT NULL,
    revision TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    contact INTEGER NOT NULL REFERENCES contacts (id),
    addressed INTEGER NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    url TEXT NOT NULL,
    extra TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    deleted_at INTEGER,
    due_at INTEGER, way TEXT NOT NULL DEFAULT 'none', automated INTEGER NOT NULL DEFAULT 0, community TEXT NOT NULL DEFAULT '', -- when the playbooks should see this revision; null: they have
    UNIQUE (account, native_id)
);
INSERT INTO messages VALUES(1,'acc','m1','1','t1','',1,1,'how do I reset my password?','en','','',1790000000000000,1790000000000000,NULL,NULL,'direct',0,'');
INSERT INTO messages VALUES(2,'acc','m2','1','t2','',1,1,'where is my invoice?','en','','',1790000000000000,1790000000000000,NULL,NULL,'direct',0,'');
CREATE TABLE revisions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    revision TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, revision)
) WITHOUT ROWID;
INSERT INTO revisions VALUES(1,'1',1790000000000000);
INSERT INTO revisions VALUES(2,'1',1790000000000000);
CREATE TABLE traces (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id),
    revision TEXT NOT NULL,
    at INTEGER NOT NULL,
    trace TEXT NOT NULL
, again_with TEXT NOT NULL DEFAULT '');
INSERT INTO traces VALUES(1,1,'1',1790000000000000,'{}','');
CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES messages (id),
    rank INTEGER NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    account TEXT NOT NULL,
    target TEXT NOT NULL,
    target_revision TEXT NOT NULL,
    thread_tail TEXT NOT NULL,
    playbook TEXT NOT NULL,
    playbook_revision TEXT NOT NULL,
    reply TEXT NOT NULL,
    platform TEXT NOT NULL,
    department TEXT NOT NULL,
    playbook_title TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    cites TEXT NOT NULL,   -- JSON
    matched TEXT NOT NULL, -- JSON
    verdict TEXT NOT NULL, -- JSON
    thread TEXT NOT NULL,  -- JSON
    changed TEXT NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    receipt_id TEXT NOT NULL DEFAULT '',
    receipt_url TEXT NOT NULL DEFAULT '',
    receipt_at INTEGER
, purpose TEXT NOT NULL DEFAULT 'answer');
INSERT INTO suggestions VALUES(1,1,0,'delivered',4,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Use the link.','acc','m1','1','m1','sign-in-trouble','0123456789ab','steps','loopback','support','Cannot sign in','help','en','["reset-password"]','[{"trigger":"phrase: reset my password","words":"reset my password","begin":9,"end":26}]','{"decision":"allow","reasons":[]}','[]','[]',1790000000000000,1790000000000000,'ann',1790000000000000,'','r1','',1790000000000000,'answer');
INSERT INTO suggestions VALUES(2,2,0,'sending',3,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','Here.','acc','m2','1','m2','billing','0123456789ab','where','loopback','billing','Invoices','help','en','[]','[]','{"decision":"allow","reasons":[]}','[]','[]',1790000000000000,1790000000000000,'ann',1790000000000000,'','','',NULL,'answer');
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    suggestion_id INTEGER NOT NULL REFERENCES suggestions (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    account TEXT NOT NULL,
    state TEXT NOT NULL, -- approved, sending, delivered, refused, canceled, unsure
    key TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    target TEXT NOT NULL,
    target_revision TEXT NOT NULL,
    thread_tail TEXT NOT NULL,
    verdict TEXT NOT NULL, -- digest
    playbook TEXT NOT NULL,
    playbook_revision TEXT NOT NULL,
    reply TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_at INTEGER NOT NULL,
    prepared BLOB NOT NULL DEFAULT x'',
    prepared_id TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    attempted_at INTEGER,
    due_at INTEGER NOT NULL,
    last_error TEXT NOT NULL DEFAULT ''
, purpose TEXT NOT NULL DEFAULT 'answer');
INSERT INTO deliveries VALUES(1,1,1,'acc','delivered','k1','aaaa','Use the link.','m1','1','m1','allow','sign-in-trouble','0123456789ab','steps','ann',1790000000000000,'bytes','',1,1790000000000000,1790000000000000,'','answer');
INSERT INTO deliveries VALUES(2,2,2,'acc','sending','k2','bbbb','Here.','m2','1','m2','allow','billing','0123456789ab','where','ann',1790000000000000,'bytes','',1,1790000000000000,1790000000000000,'','answer');
CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    noted_at INTEGER NOT NULL
);
INSERT INTO gaps VALUES(1,'acc',1790000000000000,1790000001000000,'test',1790000001000000);
CREATE TABLE IF NOT EXISTS "record_unlinked" (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    message_id INTEGER NOT NULL DEFAULT 0,
    suggestion_id INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT ''
);
INSERT INTO record_unlinked VALUES(1,1790000000000000,'kith','received',1,0,'revision 1');
CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (account, id)
);
INSERT INTO journal VALUES(1,'chat','v1','v1-1','{"from":"visitor","text":"hi"}',1790000000000000);
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO settings VALUES('console.password','x');
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
INSERT INTO opt_outs VALUES(1,1,'acc','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','words',2,'en',1790000002000000,1790000002000000,'kith','',NULL,'','');
CREATE TABLE contact_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity INTEGER NOT NULL REFERENCES contacts (id), -- which was moved
    contact INTEGER NOT NULL,                           -- to whom, or from whom
    act TEXT NOT NULL,                                  -- merged, split
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE TABLE contact_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    contact INTEGER NOT NULL REFERENCES contacts (id),
    kind TEXT NOT NULL,      -- a signal's name
    native_id TEXT NOT NULL, -- the platform's address of it; may be empty
    about TEXT NOT NULL,     -- native id of what we posted; may be empty
    at INTEGER NOT NULL
);
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
CREATE TABLE stages (
    contact INTEGER NOT NULL,
    account TEXT NOT NULL,
    stage TEXT NOT NULL, -- empty: none any more
    since INTEGER NOT NULL,
    lost_at INTEGER, -- when it is lost if nothing more is heard
    PRIMARY KEY (contact, account)
) WITHOUT ROWID;
CREATE TABLE relations_read (
    what TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE forgotten (
    hash TEXT PRIMARY KEY,
    blocked_at INTEGER,
    at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE record (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    suggestion_id INTEGER NOT NULL,
    commitment TEXT NOT NULL, -- to salt and detail; empty: there is none
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE record_details (
    number INTEGER PRIMARY KEY,
    salt TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE shown (
    suggestion_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (suggestion_id, version, person)
) WITHOUT ROWID;
CREATE TABLE first_approvals (
    suggestion_id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE TABLE brakes (
    scope TEXT PRIMARY KEY,
    actor TEXT NOT NULL, -- a person, or kith
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE playbook_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    playbook TEXT NOT NULL,
    mark TEXT NOT NULL,
    at INTEGER NOT NULL
);
INSERT INTO playbook_marks VALUES(1,'sign-in-trouble','complaint',1790000003000000);
CREATE TABLE brake_bounds (
    mark TEXT PRIMARY KEY,
    percent INTEGER NOT NULL,
    of_last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES messages (id),
    suggestion_id INTEGER NOT NULL REFERENCES suggestions (id),
    department TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    answered_by TEXT NOT NULL DEFAULT '',
    answered_at INTEGER,
    kept_as TEXT NOT NULL DEFAULT '' -- id of the reviewed answer that was made of it
);
INSERT INTO questions VALUES(1,1,1,'billing','en','Is this still so?','ann',1790000004000000,'','',NULL,'');
CREATE TABLE digests (
    department TEXT NOT NULL,
    until_at INTEGER NOT NULL, -- when it was due; it tells of the time from the line before it until then
    since_at INTEGER NOT NULL,
    state TEXT NOT NULL,       -- began, waiting, sending, sent, refused, unsure, missed
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,   -- of the next attempt
    ended_at INTEGER,
    last_error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (department, until_at)
) WITHOUT ROWID;
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
CREATE TABLE purchases (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id),
    product TEXT NOT NULL,
    bought_at INTEGER NOT NULL,
    UNIQUE (customer, product, bought_at)
);
CREATE TABLE fixes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    playbook TEXT NOT NULL DEFAULT '',
    message_id INTEGER REFERENCES messages (id),
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL
);
CREATE TABLE answer_revisions (
    answer TEXT NOT NULL,
    revision TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (answer, revision)
) WITHOUT ROWID;
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
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('messages',2);
INSERT INTO sqlite_sequence VALUES('suggestions',2);
INSERT INTO sqlite_sequence VALUES('deliveries',2);
INSERT INTO sqlite_sequence VALUES('record_unlinked',1);
INSERT INTO sqlite_sequence VALUES('journal',1);
INSERT INTO sqlite_sequence VALUES('opt_outs',1);
INSERT INTO sqlite_sequence VALUES('playbook_marks',1);
INSERT INTO sqlite_sequence VALUES('questions',1);
CREATE INDEX messages_due ON messages (account, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_contact ON messages (contact);
CREATE INDEX messages_thread ON messages (account, thread_id);
CREATE INDEX messages_native ON messages (native_id);
CREATE INDEX traces_message ON traces (message_id);
CREATE INDEX suggestions_message ON suggestions (message_id);
CREATE INDEX suggestions_waiting ON suggestions (state, id) WHERE state IN ('open', 'approved', 'sending', 'unsure');
CREATE INDEX deliveries_due ON deliveries (account, due_at) WHERE state IN ('approved', 'sending');
CREATE INDEX deliveries_prepared ON deliveries (prepared_id) WHERE prepared_id <> '';
CREATE INDEX gaps_account ON gaps (account);
CREATE INDEX journal_topic ON journal (account, topic, number);
CREATE INDEX messages_community ON messages (account, community) WHERE community <> '';
CREATE INDEX traces_again ON traces (again_with) WHERE again_with <> '';
CREATE INDEX deliveries_account_attempted ON deliveries (account, attempted_at);
CREATE INDEX deliveries_playbook_attempted ON deliveries (playbook, attempted_at);
CREATE INDEX opt_outs_contact ON opt_outs (contact);
CREATE INDEX opt_outs_in_force ON opt_outs (identity_hash) WHERE lifted_at IS NULL;
CREATE INDEX contacts_person ON contacts (COALESCE(person, id));
CREATE INDEX contact_decisions_identity ON contact_decisions (identity);
CREATE INDEX contact_events_contact ON contact_events (contact);
CREATE INDEX stage_moves_contact ON stage_moves (contact, account);
CREATE INDEX stages_lost ON stages (lost_at) WHERE lost_at IS NOT NULL;
CREATE INDEX suggestions_receipt ON suggestions (receipt_id) WHERE receipt_id <> '';
CREATE INDEX messages_parent ON messages (account, parent_id);
CREATE INDEX record_message ON record (message_id);
CREATE INDEX playbook_marks_newest ON playbook_marks (playbook, mark, id);
CREATE INDEX questions_message ON questions (message_id);
CREATE INDEX questions_department ON questions (department, id);
CREATE INDEX questions_waiting ON questions (department, id) WHERE answered_at IS NULL;
CREATE INDEX suggestions_delivered ON suggestions (updated_at) WHERE state = 'delivered';
CREATE INDEX messages_addressed ON messages (received_at) WHERE addressed = 1 AND due_at IS NULL AND deleted_at IS NULL;
CREATE INDEX contacts_handle ON contacts (account, handle COLLATE NOCASE);
CREATE INDEX suggestions_occasions ON suggestions (state) WHERE purpose = 'occasion';
CREATE UNIQUE INDEX deliveries_one ON deliveries (message_id, purpose)
    WHERE state IN ('approved', 'sending', 'delivered', 'unsure');
CREATE INDEX canaries_open ON canaries (suggestion_id) WHERE state = 'open';
CREATE INDEX canaries_decided ON canaries (decided_by) WHERE state <> 'open';
PRAGMA user_version = 7;
