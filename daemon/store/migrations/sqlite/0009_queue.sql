-- The queue as people see it: one row for each message (and purpose), with the best of its replies, and the order in
-- which they are asked about it. Both tables are kept by triggers: whatever changes a suggestion, the queue is true.

ALTER TABLE suggestions ADD COLUMN expires_at INTEGER; -- until when a reply may be sent; null: for ever
CREATE INDEX suggestions_expiring ON suggestions (expires_at) WHERE state = 'open' AND expires_at IS NOT NULL;
ALTER TABLE messages ADD COLUMN complaint INTEGER NOT NULL DEFAULT 0;

CREATE TABLE queue_items (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    purpose TEXT NOT NULL,
    suggestion_id INTEGER NOT NULL REFERENCES suggestions (id), -- the best of those that wait; else what was decided
    state TEXT NOT NULL,
    account TEXT NOT NULL,
    thread TEXT NOT NULL,
    department TEXT NOT NULL,
    platform TEXT NOT NULL,
    playbook TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    expires_at INTEGER NOT NULL, -- 9223372036854775807: never
    plain INTEGER NOT NULL,      -- 0: from a customer, or a complaint
    soon INTEGER NOT NULL DEFAULT 0, -- 1: it expires within hours, as far as somebody has looked at the clock
    turn INTEGER GENERATED ALWAYS AS (CASE WHEN soon THEN 0 ELSE 1 + plain END) VIRTUAL,
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    snoozed_until INTEGER,
    assigned_login TEXT NOT NULL DEFAULT '',
    assigned_name TEXT NOT NULL DEFAULT '',
    assigned_department TEXT NOT NULL DEFAULT '',
    asleep INTEGER GENERATED ALWAYS AS (state <> 'open' OR snoozed_until IS NOT NULL) VIRTUAL,
    PRIMARY KEY (message_id, purpose)
) WITHOUT ROWID;
CREATE INDEX queue_items_most_urgent ON queue_items (account, thread, asleep, turn, expires_at, received_at)
    WHERE state IN ('open', 'approved', 'sending', 'unsure');
CREATE INDEX queue_items_by_time ON queue_items (account, thread, received_at, message_id, purpose)
    WHERE state IN ('open', 'approved', 'sending', 'unsure');
CREATE INDEX queue_items_counts ON queue_items (state, department, asleep, account)
    WHERE state IN ('open', 'approved', 'sending', 'unsure');
CREATE INDEX queue_items_given ON queue_items (assigned_department)
    WHERE assigned_department > '' AND state IN ('open', 'approved', 'sending', 'unsure');
CREATE INDEX queue_items_newest ON queue_items (updated_at, message_id, purpose);
CREATE INDEX queue_items_suggestion ON queue_items (suggestion_id);
CREATE INDEX queue_items_expiring ON queue_items (expires_at) WHERE state = 'open' AND expires_at < 9223372036854775807;
CREATE INDEX queue_items_calm ON queue_items (expires_at) WHERE state = 'open' AND soon = 0;
CREATE INDEX queue_items_snoozed ON queue_items (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- A thread stands where its most urgent item would: first what expires within hours, then customers and complaints.
CREATE TABLE queue_threads (
    account TEXT NOT NULL,
    thread TEXT NOT NULL,
    asleep INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (account, thread)
) WITHOUT ROWID;
CREATE UNIQUE INDEX queue_threads_order ON queue_threads (asleep, turn, expires_at, since, account, thread);

CREATE TRIGGER queue_item_added AFTER INSERT ON queue_items BEGIN
    UPDATE queue_items SET state = state WHERE message_id = NEW.message_id AND purpose = NEW.purpose;
END;
CREATE TRIGGER queue_item_changed AFTER UPDATE OF state, thread, expires_at, plain, soon, snoozed_until ON queue_items BEGIN
    DELETE FROM queue_threads WHERE account = NEW.account AND thread = NEW.thread;
    INSERT INTO queue_threads (account, thread, asleep, turn, expires_at, since)
        SELECT account, thread, asleep, turn, expires_at, received_at FROM queue_items
        WHERE account = NEW.account AND thread = NEW.thread AND state IN ('open', 'approved', 'sending', 'unsure')
        ORDER BY asleep, turn, expires_at, received_at LIMIT 1;
END;

-- A thread's address changes when its first message is forgotten.
CREATE TRIGGER queue_item_left AFTER UPDATE OF thread ON queue_items WHEN OLD.thread <> NEW.thread BEGIN
    DELETE FROM queue_threads WHERE account = OLD.account AND thread = OLD.thread;
    INSERT INTO queue_threads (account, thread, asleep, turn, expires_at, since)
        SELECT account, thread, asleep, turn, expires_at, received_at FROM queue_items
        WHERE account = OLD.account AND thread = OLD.thread AND state IN ('open', 'approved', 'sending', 'unsure')
        ORDER BY asleep, turn, expires_at, received_at LIMIT 1;
END;
CREATE TRIGGER message_left AFTER UPDATE OF thread_id ON messages WHEN OLD.thread_id <> NEW.thread_id BEGIN
    UPDATE queue_items SET thread = NEW.thread_id WHERE message_id = NEW.id;
END;

-- Neither a complaint nor from a customer: a consent is an identity's, and its contact is a customer under all of them.
CREATE VIEW plain_messages AS
    SELECT m.id, m.complaint = 0 AND NOT EXISTS (
        SELECT 1 FROM contacts c JOIN contacts o ON COALESCE(o.person, o.id) = COALESCE(c.person, c.id)
        JOIN customers k ON k.contact = o.id WHERE c.id = m.contact AND k.ended_at IS NULL) AS plain FROM messages m;

CREATE TRIGGER customer_came AFTER INSERT ON customers BEGIN
    UPDATE queue_items SET plain = (SELECT p.plain FROM plain_messages p WHERE p.id = message_id) WHERE message_id IN (
        SELECT m.id FROM contacts c JOIN contacts o ON COALESCE(o.person, o.id) = COALESCE(c.person, c.id)
        JOIN messages m ON m.contact = o.id WHERE c.id = NEW.contact);
END;
CREATE TRIGGER customer_changed AFTER UPDATE OF ended_at ON customers BEGIN
    UPDATE queue_items SET plain = (SELECT p.plain FROM plain_messages p WHERE p.id = message_id) WHERE message_id IN (
        SELECT m.id FROM contacts c JOIN contacts o ON COALESCE(o.person, o.id) = COALESCE(c.person, c.id)
        JOIN messages m ON m.contact = o.id WHERE c.id = NEW.contact);
END;
CREATE TRIGGER contact_moved AFTER UPDATE OF person ON contacts BEGIN
    UPDATE queue_items SET plain = (SELECT p.plain FROM plain_messages p WHERE p.id = message_id) WHERE message_id IN (
        SELECT m.id FROM contacts o JOIN messages m ON m.contact = o.id
        WHERE COALESCE(o.person, o.id) IN (COALESCE(OLD.person, OLD.id), COALESCE(NEW.person, NEW.id)));
END;
CREATE TRIGGER message_complains AFTER UPDATE OF complaint ON messages BEGIN
    UPDATE queue_items SET plain = (SELECT p.plain FROM plain_messages p WHERE p.id = message_id)
        WHERE message_id = NEW.id;
END;

CREATE TRIGGER suggestion_queued AFTER INSERT ON suggestions BEGIN
    UPDATE suggestions SET state = state WHERE id = NEW.id;
END;
CREATE TRIGGER suggestion_moved AFTER UPDATE OF state, expires_at ON suggestions BEGIN
    INSERT INTO queue_items (message_id, purpose, suggestion_id, state, account, thread, department, platform, playbook,
                             kind, language, expires_at, plain, received_at, updated_at)
        SELECT s.message_id, s.purpose, s.id, s.state, m.account, m.thread_id, s.department, s.platform, s.playbook,
               s.kind, s.language, COALESCE(s.expires_at, 9223372036854775807),
               p.plain, m.received_at, s.updated_at
        FROM suggestions s JOIN messages m ON m.id = s.message_id JOIN plain_messages p ON p.id = m.id
        WHERE s.message_id = NEW.message_id AND s.purpose = NEW.purpose
        ORDER BY CASE s.state WHEN 'rejected' THEN 2 WHEN 'withdrawn' THEN 3 WHEN 'delivered' THEN 1 WHEN 'refused' THEN 1
                 ELSE 0 END, s.rank, s.id LIMIT 1
        ON CONFLICT (message_id, purpose) DO UPDATE SET
            snoozed_until = CASE WHEN excluded.state = 'open' AND excluded.suggestion_id = suggestion_id
                            THEN snoozed_until END,
            suggestion_id = excluded.suggestion_id, state = excluded.state, department = excluded.department,
            playbook = excluded.playbook, kind = excluded.kind, language = excluded.language,
            soon = CASE WHEN excluded.expires_at <= expires_at THEN soon ELSE 0 END,
            expires_at = excluded.expires_at, plain = excluded.plain, updated_at = excluded.updated_at;
END;

-- What was there before takes its place.
UPDATE suggestions SET state = state;

-- Filters that people keep; a department's are seen by all of it.
CREATE TABLE views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    department TEXT NOT NULL DEFAULT '', -- empty: only its owner's
    owner TEXT NOT NULL
);
CREATE INDEX views_owner ON views (owner);
