-- What each look at the status and at the departments counts, read from an index alone.
CREATE INDEX messages_received ON messages(account, received_at);
CREATE INDEX suggestions_open ON suggestions(department, message_id, account) WHERE state = 'open';
