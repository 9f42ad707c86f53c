-- What happened in an application in each hour, counted, for two weeks. Hours are UTC hours since 1970-01-01.
CREATE TABLE usage_hours (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  hour INTEGER NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (app_id, hour, kind)
) WITHOUT ROWID;

-- The hour in which it happened. NULL for active users, who are told apart by day, week and month only, and in rows of the previous release.
ALTER TABLE usage_events ADD COLUMN hour INTEGER;

-- Users active in a week stand in usage_days, on its Monday. Those of this week up to now, so that none is missed or counted twice. Day 0
-- was a Thursday.
INSERT INTO usage_days (app_id, day, kind, count)
SELECT u.app_id, w.monday, 'active_week', COUNT(*)
FROM (SELECT day - (day + 3) % 7 AS monday FROM (SELECT CAST(strftime('%s', 'now') AS INTEGER) / 86400 AS day) t) w
JOIN users u ON u.last_login_at >= w.monday * 86400000 OR u.last_active_at >= w.monday * 86400000
  OR (u.created_at >= w.monday * 86400000 AND u.origin IN ('signup', 'invitation', 'social'))
GROUP BY u.app_id, w.monday;
