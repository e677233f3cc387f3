-- What reviewers ask departments about a message, and what came back.
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
CREATE INDEX questions_message ON questions (message_id);
CREATE INDEX questions_department ON questions (department, id);
CREATE INDEX questions_waiting ON questions (department, id) WHERE answered_at IS NULL;

-- One line for each digest that was ever due. A department's first line only says when the counting began.
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

CREATE INDEX suggestions_delivered ON suggestions (updated_at) WHERE state = 'delivered';
CREATE INDEX messages_addressed ON messages (received_at) WHERE addressed = 1 AND due_at IS NULL AND deleted_at IS NULL;
