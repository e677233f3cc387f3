-- The record becomes a chain: each row's hash covers the row before it. SHA-256 is not in SQLite, so the rows that
-- are there wait in record_unlinked; daemon/store/sqlite/audit.cpp takes them over right after the migrations.
DROP INDEX record_message;
ALTER TABLE record RENAME TO record_unlinked;

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
CREATE INDEX record_message ON record (message_id);

-- Apart from the chain, so that it can be erased and the chain still holds.
CREATE TABLE record_details (
    number INTEGER PRIMARY KEY,
    salt TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- Who looked at which version of a suggestion.
CREATE TABLE shown (
    suggestion_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (suggestion_id, version, person)
) WITHOUT ROWID;

-- The first of two people's yes. It holds only as long as the suggestion has this hash.
CREATE TABLE first_approvals (
    suggestion_id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL
);

-- What is stopped: 'all', 'account ID', 'playbook ID'.
CREATE TABLE brakes (
    scope TEXT PRIMARY KEY,
    actor TEXT NOT NULL, -- a person, or kith
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- What became of each playbook's replies: approved, rejected, delivered, complaint, opt-out, resumed.
CREATE TABLE playbook_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    playbook TEXT NOT NULL,
    mark TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX playbook_marks_newest ON playbook_marks (playbook, mark, id);

-- When a playbook is paused by itself: more than `percent` of the last `of_last`.
CREATE TABLE brake_bounds (
    mark TEXT PRIMARY KEY,
    percent INTEGER NOT NULL,
    of_last INTEGER NOT NULL
) WITHOUT ROWID;
