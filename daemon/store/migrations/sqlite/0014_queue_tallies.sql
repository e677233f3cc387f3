-- How much waits where, counted up and down: asked for at each look at the page, and too much to be counted each time.
CREATE TABLE queue_tallies (
    state TEXT NOT NULL,
    department TEXT NOT NULL,
    snoozed INTEGER NOT NULL,
    account TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (state, department, snoozed, account)
) WITHOUT ROWID;
INSERT INTO queue_tallies (state, department, snoozed, account, n)
    SELECT state, department, state = 'open' AND snoozed_until IS NOT NULL, account, COUNT(*) FROM queue_items
    WHERE state IN ('open', 'approved', 'sending', 'unsure') GROUP BY 1, 2, 3, 4;
DROP INDEX queue_items_counts;

CREATE TRIGGER queue_item_counted AFTER INSERT ON queue_items
WHEN NEW.state IN ('open', 'approved', 'sending', 'unsure') BEGIN
    INSERT INTO queue_tallies (state, department, snoozed, account, n)
        VALUES (NEW.state, NEW.department, NEW.state = 'open' AND NEW.snoozed_until IS NOT NULL, NEW.account, 1)
        ON CONFLICT (state, department, snoozed, account) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER queue_item_recounted AFTER UPDATE OF state, department, snoozed_until ON queue_items
WHEN OLD.state <> NEW.state OR OLD.department <> NEW.department OR OLD.snoozed_until IS NOT NEW.snoozed_until BEGIN
    UPDATE queue_tallies SET n = n - 1 WHERE state = OLD.state AND department = OLD.department
        AND snoozed = (OLD.state = 'open' AND OLD.snoozed_until IS NOT NULL) AND account = OLD.account;
    INSERT INTO queue_tallies (state, department, snoozed, account, n)
        SELECT NEW.state, NEW.department, NEW.state = 'open' AND NEW.snoozed_until IS NOT NULL, NEW.account, 1
        WHERE NEW.state IN ('open', 'approved', 'sending', 'unsure')
        ON CONFLICT (state, department, snoozed, account) DO UPDATE SET n = n + 1;
END;
