-- Times are microseconds since 1970, UTC. Flags are 0 or 1. JSON columns are written and read by daemon/model/json.cpp.

CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    cursor TEXT NOT NULL DEFAULT '',
    moved_at INTEGER
) WITHOUT ROWID;

CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    identity TEXT NOT NULL,
    handle TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    bot INTEGER NOT NULL DEFAULT 0,
    blocked_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (account, identity)
);

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
    due_at INTEGER, -- when the playbooks should see this revision; null: they have
    UNIQUE (account, native_id)
);
CREATE INDEX messages_due ON messages (account, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_contact ON messages (contact);
CREATE INDEX messages_thread ON messages (account, thread_id);
CREATE INDEX messages_native ON messages (native_id);

-- Every revision ever seen: a replayed old one must not undo a newer one.
CREATE TABLE revisions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    revision TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, revision)
) WITHOUT ROWID;

CREATE TABLE traces (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES messages (id),
    revision TEXT NOT NULL,
    at INTEGER NOT NULL,
    trace TEXT NOT NULL
);
CREATE INDEX traces_message ON traces (message_id);

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
);
CREATE INDEX suggestions_message ON suggestions (message_id);
CREATE INDEX suggestions_waiting ON suggestions (state, id) WHERE state IN ('open', 'approved', 'sending', 'unsure');

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
);
CREATE INDEX deliveries_due ON deliveries (account, due_at) WHERE state IN ('approved', 'sending');
CREATE INDEX deliveries_prepared ON deliveries (prepared_id) WHERE prepared_id <> '';
-- The last line against a second answer: one message has at most one reply approved, under way or posted.
CREATE UNIQUE INDEX deliveries_one ON deliveries (message_id) WHERE state IN ('approved', 'sending', 'delivered', 'unsure');

CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    noted_at INTEGER NOT NULL
);
CREATE INDEX gaps_account ON gaps (account);

CREATE TABLE record (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    message_id INTEGER NOT NULL DEFAULT 0,
    suggestion_id INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX record_message ON record (message_id);

CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (account, id)
);
CREATE INDEX journal_topic ON journal (account, topic, number);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
