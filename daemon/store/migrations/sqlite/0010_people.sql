-- People who use the console: users, sessions, tokens. Secrets are hashes, or sealed with a key that is not here.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (login <> ''),
    name TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL,                     -- viewer, drafter, approver, lead, admin
    departments TEXT NOT NULL DEFAULT '[]', -- JSON; empty: all
    accounts TEXT NOT NULL DEFAULT '[]',
    language TEXT NOT NULL DEFAULT '',
    theme TEXT NOT NULL DEFAULT '',
    mail_notices TEXT NOT NULL DEFAULT 'off',
    disabled INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    signed_in_at INTEGER,
    password TEXT NOT NULL DEFAULT '',  -- argon2id; empty: none
    totp TEXT NOT NULL DEFAULT '',      -- sealed; empty: none
    totp_step INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    user INTEGER NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL,
    PRIMARY KEY (user, hash)
) WITHOUT ROWID;

CREATE TABLE invitations (
    user INTEGER PRIMARY KEY REFERENCES users (id),
    hash TEXT NOT NULL UNIQUE,
    until INTEGER NOT NULL
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL UNIQUE,
    second TEXT NOT NULL, -- needed, setup, done
    began INTEGER NOT NULL,
    used INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    proved INTEGER NOT NULL -- when a second factor was last shown; 0: never
);
CREATE INDEX sessions_user ON sessions (user);

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    made_by TEXT NOT NULL -- login: they have seen it
);
CREATE INDEX tokens_user ON tokens (user);

-- The one operator of before keeps the password, and sets up a second factor at the next sign-in.
INSERT INTO users (login, name, role, created_at, password)
    SELECT 'operator', 'Operator', 'admin', CAST(strftime('%s', 'now') AS INTEGER) * 1000000, value
    FROM settings WHERE name = 'console.password' AND value <> '';
DELETE FROM settings WHERE name = 'console.password';
