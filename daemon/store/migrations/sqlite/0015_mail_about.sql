-- What each person is mailed about: kinds of notices, and 'daily'. What was chosen before was never sent.
ALTER TABLE users ADD COLUMN mail_about TEXT NOT NULL DEFAULT '[]'; -- JSON
UPDATE users SET mail_about = CASE mail_notices WHEN 'hourly' THEN '["waiting"]' WHEN 'daily' THEN '["daily"]' ELSE '[]' END;
ALTER TABLE users DROP COLUMN mail_notices;
