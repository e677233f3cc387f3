-- Whose reply a complaint or an opt-out followed: it counts once.
ALTER TABLE playbook_marks ADD COLUMN delivery INTEGER NOT NULL DEFAULT 0;
CREATE INDEX playbook_marks_delivery ON playbook_marks (delivery) WHERE delivery <> 0;

-- What is looked up by message, suggestion and time.
CREATE INDEX deliveries_message ON deliveries (message_id);
CREATE INDEX deliveries_suggestion ON deliveries (suggestion_id);
CREATE INDEX deliveries_attempted ON deliveries (attempted_at);
CREATE INDEX questions_suggestion ON questions (suggestion_id);
