-- How much waits where, counted up and down: asked for at each look at the page, and too much to be counted each time.
CREATE TABLE queue_tallies (
    state TEXT NOT NULL,
    department TEXT NOT NULL,
    given TEXT NOT NULL, -- the department that it was given to, if it is not its own
    snoozed INTEGER NOT NULL,
    account TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (state, department, given, snoozed, account)
) WITHOUT ROWID;
INSERT INTO queue_tallies (state, department, given, snoozed, account, n)
    SELECT state, department, CASE WHEN assigned_department = department THEN '' ELSE assigned_department END,
        state = 'open' AND snoozed_until IS NOT NULL, account, COUNT(*) FROM queue_items
    WHERE state IN ('open', 'approved', 'sending', 'unsure') GROUP BY 1, 2, 3, 4, 5;
DROP INDEX queue_items_counts;

CREATE TRIGGER queue_item_counted AFTER INSERT ON queue_items
WHEN NEW.state IN ('open', 'approved', 'sending', 'unsure') BEGIN
    INSERT INTO queue_tallies (state, department, given, snoozed, account, n)
        VALUES (NEW.state, NEW.department,
            CASE WHEN NEW.assigned_department = NEW.department THEN '' ELSE NEW.assigned_department END,
            NEW.state = 'open' AND NEW.snoozed_until IS NOT NULL, NEW.account, 1)
        ON CONFLICT (state, department, given, snoozed, account) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER queue_item_recounted AFTER UPDATE OF state, department, assigned_department, snoozed_until ON queue_items
WHEN OLD.state <> NEW.state OR OLD.department <> NEW.department OR OLD.assigned_department <> NEW.assigned_department
    OR OLD.snoozed_until IS NOT NEW.snoozed_until BEGIN
    UPDATE queue_tallies SET n = n - 1 WHERE state = OLD.state AND department = OLD.department
        AND given = CASE WHEN OLD.assigned_department = OLD.department THEN '' ELSE OLD.assigned_department END
        AND snoozed = (OLD.state = 'open' AND OLD.snoozed_until IS NOT NULL) AND account = OLD.account;
    INSERT INTO queue_tallies (state, department, given, snoozed, account, n)
        SELECT NEW.state, NEW.department,
            CASE WHEN NEW.assigned_department = NEW.department THEN '' ELSE NEW.assigned_department END,
            NEW.state = 'open' AND NEW.snoozed_until IS NOT NULL, NEW.account, 1
        WHERE NEW.state IN ('open', 'approved', 'sending', 'unsure')
        ON CONFLICT (state, department, given, snoozed, account) DO UPDATE SET n = n + 1;
END;
