-- Finding users by what is known of them (docs/adr/0061-user-search.md).

-- The values of users' metadata, to find users by them. Triggers keep it, whoever writes users, and it is in no backup. value: the first
-- 200 characters, A to Z in lower case.
CREATE TABLE user_metadata_values (
  app_id TEXT NOT NULL,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  created_at BIGINT NOT NULL, -- the user's, which lists are in the order of
  user_id TEXT NOT NULL,
  PRIMARY KEY (app_id, path, value, created_at, user_id)
) WITHOUT ROWID;

INSERT INTO user_metadata_values (app_id, path, value, created_at, user_id)
  SELECT u.app_id, m.key, lower(substr(m.value, 1, 200)), u.created_at, u.id
    FROM users u, json_each(CASE WHEN json_valid(u.metadata) THEN u.metadata ELSE '{}' END) m
    WHERE m.value IS NOT NULL
  UNION
  SELECT u.app_id, m.key, lower(substr(m.value, 1, 200)), u.created_at, u.id
    FROM users u, json_each(CASE WHEN json_valid(u.invite_metadata) THEN u.invite_metadata ELSE '{}' END) m
    WHERE m.value IS NOT NULL;

-- The casts let SQLite find the rows by their key. A damaged document has no values, and stops nobody.
CREATE TRIGGER users_metadata_added AFTER INSERT ON users WHEN NEW.metadata <> '{}' OR NEW.invite_metadata <> '{}'
BEGIN
  INSERT INTO user_metadata_values (app_id, path, value, created_at, user_id)
    SELECT NEW.app_id, key, lower(substr(value, 1, 200)), NEW.created_at, NEW.id
      FROM json_each(CASE WHEN json_valid(NEW.metadata) THEN NEW.metadata ELSE '{}' END) WHERE value IS NOT NULL
    UNION
    SELECT NEW.app_id, key, lower(substr(value, 1, 200)), NEW.created_at, NEW.id
      FROM json_each(CASE WHEN json_valid(NEW.invite_metadata) THEN NEW.invite_metadata ELSE '{}' END)
      WHERE value IS NOT NULL;
END;

CREATE TRIGGER users_metadata_changed AFTER UPDATE OF metadata, invite_metadata, created_at ON users
  WHEN OLD.metadata <> NEW.metadata OR OLD.invite_metadata <> NEW.invite_metadata OR OLD.created_at <> NEW.created_at
BEGIN
  DELETE FROM user_metadata_values WHERE app_id = OLD.app_id AND created_at = OLD.created_at AND user_id = OLD.id AND (path, value) IN (
    SELECT CAST(key AS TEXT), CAST(lower(substr(value, 1, 200)) AS TEXT)
      FROM json_each(CASE WHEN json_valid(OLD.metadata) THEN OLD.metadata ELSE '{}' END));
  DELETE FROM user_metadata_values WHERE app_id = OLD.app_id AND created_at = OLD.created_at AND user_id = OLD.id AND (path, value) IN (
    SELECT CAST(key AS TEXT), CAST(lower(substr(value, 1, 200)) AS TEXT)
      FROM json_each(CASE WHEN json_valid(OLD.invite_metadata) THEN OLD.invite_metadata ELSE '{}' END));
  INSERT INTO user_metadata_values (app_id, path, value, created_at, user_id)
    SELECT NEW.app_id, key, lower(substr(value, 1, 200)), NEW.created_at, NEW.id
      FROM json_each(CASE WHEN json_valid(NEW.metadata) THEN NEW.metadata ELSE '{}' END) WHERE value IS NOT NULL
    UNION
    SELECT NEW.app_id, key, lower(substr(value, 1, 200)), NEW.created_at, NEW.id
      FROM json_each(CASE WHEN json_valid(NEW.invite_metadata) THEN NEW.invite_metadata ELSE '{}' END)
      WHERE value IS NOT NULL;
END;

CREATE TRIGGER users_metadata_removed AFTER DELETE ON users WHEN OLD.metadata <> '{}' OR OLD.invite_metadata <> '{}'
BEGIN
  DELETE FROM user_metadata_values WHERE app_id = OLD.app_id AND created_at = OLD.created_at AND user_id = OLD.id AND (path, value) IN (
    SELECT CAST(key AS TEXT), CAST(lower(substr(value, 1, 200)) AS TEXT)
      FROM json_each(CASE WHEN json_valid(OLD.metadata) THEN OLD.metadata ELSE '{}' END));
  DELETE FROM user_metadata_values WHERE app_id = OLD.app_id AND created_at = OLD.created_at AND user_id = OLD.id AND (path, value) IN (
    SELECT CAST(key AS TEXT), CAST(lower(substr(value, 1, 200)) AS TEXT)
      FROM json_each(CASE WHEN json_valid(OLD.invite_metadata) THEN OLD.invite_metadata ELSE '{}' END));
END;

-- Any source may be the rare one, as ten signups among a million imported users.
DROP INDEX users_list_origin;
CREATE INDEX users_list_origin ON users (app_id, anonymous, origin, created_at, id) WHERE origin <> 'anonymous';
CREATE INDEX users_list_unverified ON users (app_id, anonymous, created_at, id) WHERE email_verified = FALSE AND anonymous = FALSE;
CREATE INDEX users_list_factor ON users (app_id, anonymous, created_at, id)
  WHERE two_factor_google = TRUE OR two_factor_phone = TRUE OR passkey_count > 0;
CREATE INDEX users_list_provider ON users (app_id, anonymous, login_provider, created_at, id) WHERE login_provider <> '';
CREATE INDEX users_list_suspended_login ON users (app_id, anonymous, last_login_at, id) WHERE status = 'suspend';

-- Searches that a portal account keeps for an application, under a name.
CREATE TABLE saved_searches (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX saved_searches_name ON saved_searches (app_id, developer_id, name);
CREATE INDEX saved_searches_developer ON saved_searches (developer_id);
