-- What the plots are made of, approval links, and what webhooks are told.

-- The text that Kith drafted, from a person's first edit until the suggestion comes to its end; then its hash only.
CREATE TABLE edits (
    suggestion_id INTEGER PRIMARY KEY REFERENCES suggestions (id),
    drafted_hash TEXT NOT NULL,
    drafted TEXT,
    distance INTEGER NOT NULL DEFAULT 0 -- from the draft to what was approved, in characters
);

-- One narrow row for each suggestion: what a year of figures can be read from in a moment. Kept by the triggers below.
CREATE TABLE suggestion_facts (
    suggestion_id INTEGER PRIMARY KEY REFERENCES suggestions (id),
    message_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    account TEXT NOT NULL,
    department TEXT NOT NULL,
    playbook TEXT NOT NULL,
    kind TEXT NOT NULL,
    leads INTEGER NOT NULL, -- 1: stands for its message in the queue; the other replies to it are its candidates
    received_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL DEFAULT 'waiting', -- or as-is, edited, rejected, expired, handled, refused, not-chosen, withdrawn
    distance INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '' -- a person's, of a rejection
);
-- A column that an index is limited by stands in it too: else SQLite 3.40 looks each row up.
CREATE INDEX facts_came ON suggestion_facts (created_at, department, account, leads) WHERE leads = 1;
CREATE INDEX facts_went ON suggestion_facts (ended_at, department, account, leads) WHERE leads = 1 AND ended_at IS NOT NULL;
CREATE INDEX facts_answered ON suggestion_facts (ended_at, department, account, kind, purpose, received_at, outcome)
    WHERE outcome IN ('as-is', 'edited');
CREATE INDEX facts_ended ON suggestion_facts (ended_at, department, account, playbook, outcome, distance, reason)
    WHERE ended_at IS NOT NULL;
CREATE INDEX facts_waiting ON suggestion_facts (message_id, purpose) WHERE ended_at IS NULL;

CREATE TRIGGER facts_begin AFTER INSERT ON suggestions BEGIN
    INSERT INTO suggestion_facts (suggestion_id, message_id, purpose, account, department, playbook, kind, leads,
        received_at, created_at)
    SELECT NEW.id, NEW.message_id, NEW.purpose, NEW.account, NEW.department, NEW.playbook, NEW.kind,
        NOT EXISTS (SELECT 1 FROM suggestion_facts f WHERE f.message_id = NEW.message_id AND f.purpose = NEW.purpose
            AND f.ended_at IS NULL),
        m.received_at, NEW.created_at FROM messages m WHERE m.id = NEW.message_id;
END;

-- Of what is withdrawn, the reason in words says which end it is.
CREATE TRIGGER facts_end AFTER UPDATE OF state ON suggestions BEGIN
    UPDATE suggestion_facts SET
        ended_at = CASE WHEN NEW.state IN ('delivered', 'refused', 'rejected', 'withdrawn') THEN NEW.updated_at END,
        distance = CASE WHEN NEW.state = 'delivered'
            THEN COALESCE((SELECT distance FROM edits e WHERE e.suggestion_id = NEW.id), 0) ELSE 0 END,
        reason = CASE WHEN NEW.state = 'rejected' THEN NEW.reason ELSE '' END,
        outcome = CASE
            WHEN NEW.state = 'delivered' AND EXISTS (SELECT 1 FROM edits e WHERE e.suggestion_id = NEW.id
                AND e.distance > 0) THEN 'edited'
            WHEN NEW.state = 'delivered' THEN 'as-is'
            WHEN NEW.state IN ('rejected', 'refused') THEN NEW.state
            WHEN NEW.state <> 'withdrawn' THEN 'waiting'
            WHEN NEW.reason LIKE 'expired%' THEN 'expired'
            WHEN NEW.reason LIKE 'handled%' THEN 'handled'
            WHEN NEW.reason LIKE 'suggestion % for the same message was %' THEN 'not-chosen'
            ELSE 'withdrawn' END
        WHERE suggestion_id = NEW.id;
    UPDATE edits SET drafted = NULL WHERE suggestion_id = NEW.id
        AND NEW.state IN ('delivered', 'refused', 'rejected', 'withdrawn');
END;

-- Its contact was forgotten.
CREATE TRIGGER facts_forget AFTER UPDATE OF text ON suggestions WHEN NEW.text = '' BEGIN
    UPDATE edits SET drafted = NULL, drafted_hash = '' WHERE suggestion_id = NEW.id;
    UPDATE suggestion_facts SET reason = '' WHERE suggestion_id = NEW.id;
END;

-- What was there before: as if it had happened now. Whether a text was edited was not kept.
INSERT INTO suggestion_facts (suggestion_id, message_id, purpose, account, department, playbook, kind, leads,
        received_at, created_at)
    SELECT s.id, s.message_id, s.purpose, s.account, s.department, s.playbook, s.kind, s.rank = 0, m.received_at,
        s.created_at FROM suggestions s JOIN messages m ON m.id = s.message_id;
UPDATE suggestions SET state = state;

-- Messages to which the policies denied a playbook's reply before anybody saw it: of the newest judgement that did.
CREATE TABLE denials (
    message_id INTEGER NOT NULL,
    playbook TEXT NOT NULL,
    account TEXT NOT NULL,
    department TEXT NOT NULL, -- empty: from before it was kept
    at INTEGER NOT NULL,
    PRIMARY KEY (message_id, playbook)
) WITHOUT ROWID;
CREATE INDEX denials_at ON denials (at, department, account, playbook);
INSERT OR REPLACE INTO denials (message_id, playbook, account, department, at)
    SELECT t.message_id, json_extract(e.value, '$.playbook'), m.account, '', t.at
    FROM traces t JOIN messages m ON m.id = t.message_id, json_each(t.trace, '$.denied') e ORDER BY t.id;

CREATE INDEX stage_moves_at ON stage_moves (at, account, contact, from_stage, to_stage);
CREATE INDEX stage_moves_newest ON stage_moves (contact, account, at, to_stage);
CREATE INDEX canaries_when ON canaries (decided_at) WHERE state <> 'open';
CREATE INDEX gaps_when ON gaps (account, to_at, from_at);

-- How each account stood, from `at` to `seen_at`. Between that and the next row's `at` nobody was there to tell.
CREATE TABLE account_states (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    state TEXT NOT NULL, -- starting, running, waiting, stopped
    detail TEXT NOT NULL
);
CREATE INDEX account_states_seen ON account_states (account, seen_at);

-- Approval by one tap: for one suggestion with one hash, by the person who made it, once.
CREATE TABLE links (
    token_hash TEXT PRIMARY KEY, -- SHA-256: who reads the file cannot approve
    suggestion_id INTEGER NOT NULL, -- as it is shown: perhaps a canary's
    hash TEXT NOT NULL,
    login TEXT NOT NULL, -- who made it
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX links_expires ON links (expires_at);

-- What webhooks are told: each once, under one id, whatever is tried how often.
CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    hook TEXT NOT NULL,
    kind TEXT NOT NULL,  -- waiting, expiring, second-needed, unsure, account-stopped
    about TEXT NOT NULL, -- what happened to what: a second row of the same cannot be
    body TEXT NOT NULL,  -- JSON, without any word of a contact
    at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', -- sending, sent, refused, given-up
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    ended_at INTEGER,
    last_error TEXT NOT NULL DEFAULT '',
    UNIQUE (hook, kind, about)
) WITHOUT ROWID;
CREATE INDEX notifications_due ON notifications (hook, due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notifications_newest ON notifications (at);
CREATE INDEX notifications_ended ON notifications (ended_at) WHERE ended_at IS NOT NULL;
