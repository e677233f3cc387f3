-- 100,000 open items of the last day: every tenth thread has two, one in five expires.
BEGIN;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
INSERT INTO contacts (account, identity, handle, first_seen_at, last_seen_at)
SELECT 'acc', 'c' || i, 'c' || i, 1, 1 FROM n;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO messages (account, native_id, revision, thread_id, parent_id, contact, addressed, text, language,
                      url, extra, written_at, received_at)
SELECT 'acc', 'm' || i, '1', 't' || (i * 9 / 10), '', 1 + i % 5000, 1, 'how do I reset my password?', 'en',
       '', '', at, at FROM (SELECT i, (unixepoch() - 80000 + i * 4 / 5) * 1000000 AS at FROM n);

INSERT INTO suggestions (message_id, rank, state, hash, text, account, target, target_revision, thread_tail,
                         playbook, playbook_revision, reply, platform, department, playbook_title, kind,
                         language, cites, matched, verdict, thread, changed, created_at, updated_at, expires_at)
SELECT id, 0, 'open', 'h' || id, 'Use the link.', account, native_id, revision, native_id,
       'sign-in', '1', 'steps', 'loopback', CASE id % 3 WHEN 0 THEN 'sales' ELSE 'support' END, 'Cannot sign in', 'help',
       'en', '[]', '[]', '{"decision":"allow","reasons":[],"packs":[]}', '[]', '[]', received_at, received_at,
       CASE id % 5 WHEN 0 THEN received_at + 3 * 86400000000 END
FROM messages;

COMMIT;
