-- What the console asks of the record: who did what, when, about which suggestion; the newest first.
CREATE INDEX record_at ON record (at);
CREATE INDEX record_act ON record (act, at);
CREATE INDEX record_actor ON record (actor, at) WHERE actor <> 'kith'; -- most of it is Kith's own
CREATE INDEX record_suggestion ON record (suggestion_id, at) WHERE suggestion_id <> 0;
