-- What the policies ask of a message, and of what was sent before.

-- In which way it came to us. Of what is older than this column, only the platform's form of address tells.
ALTER TABLE messages ADD COLUMN way TEXT NOT NULL DEFAULT 'none';
UPDATE messages SET way = CASE WHEN native_id LIKE 'at://%' THEN 'mention' ELSE 'direct' END WHERE addressed = 1;
ALTER TABLE messages ADD COLUMN automated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN community TEXT NOT NULL DEFAULT '';
CREATE INDEX messages_community ON messages (account, community) WHERE community <> '';

-- Denied by what people can mend without touching the playbook (packs, label): judged again once they have.
ALTER TABLE traces ADD COLUMN again_with TEXT NOT NULL DEFAULT '';
CREATE INDEX traces_again ON traces (again_with) WHERE again_with <> '';

CREATE INDEX deliveries_account_attempted ON deliveries (account, attempted_at);
CREATE INDEX deliveries_playbook_attempted ON deliveries (playbook, attempted_at);
