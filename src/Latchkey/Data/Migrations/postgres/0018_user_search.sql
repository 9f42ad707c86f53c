-- Finding users by what is known of them (docs/adr/0061-user-search.md).

-- The values of users' metadata, to find users by them. Triggers keep it, whoever writes users, and it is in no backup. value: the first
-- 200 characters, A to Z in lower case.
CREATE TABLE user_metadata_values (
  app_id TEXT NOT NULL,
  path TEXT NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL, -- the user's, which lists are in the order of
  user_id TEXT NOT NULL,
  PRIMARY KEY (app_id, path, value, created_at, user_id)
);

-- A damaged document has no values, and stops nobody.
CREATE FUNCTION metadata_document(document TEXT) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN document::json;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN '{}'::json;
END
$$;

-- The rows of one user.
CREATE FUNCTION metadata_values(metadata TEXT, invite_metadata TEXT) RETURNS TABLE (path TEXT, value TEXT) LANGUAGE sql STABLE AS $$
  SELECT m.key, lower(substr(m.value, 1, 200) COLLATE "C") FROM json_each_text(metadata_document(metadata)) m
    WHERE m.value IS NOT NULL
  UNION
  SELECT m.key, lower(substr(m.value, 1, 200) COLLATE "C") FROM json_each_text(metadata_document(invite_metadata)) m
    WHERE m.value IS NOT NULL
$$;

CREATE FUNCTION keep_metadata_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM user_metadata_values v USING metadata_values(OLD.metadata, OLD.invite_metadata) m
      WHERE v.app_id = OLD.app_id AND v.path = m.path AND v.value = m.value AND v.created_at = OLD.created_at AND v.user_id = OLD.id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO user_metadata_values (app_id, path, value, created_at, user_id)
      SELECT NEW.app_id, m.path, m.value, NEW.created_at, NEW.id FROM metadata_values(NEW.metadata, NEW.invite_metadata) m;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER users_metadata_added AFTER INSERT ON users FOR EACH ROW
  WHEN (NEW.metadata <> '{}' OR NEW.invite_metadata <> '{}') EXECUTE FUNCTION keep_metadata_values();
CREATE TRIGGER users_metadata_changed AFTER UPDATE OF metadata, invite_metadata, created_at ON users FOR EACH ROW
  WHEN (OLD.metadata <> NEW.metadata OR OLD.invite_metadata <> NEW.invite_metadata OR OLD.created_at <> NEW.created_at)
  EXECUTE FUNCTION keep_metadata_values();
CREATE TRIGGER users_metadata_removed AFTER DELETE ON users FOR EACH ROW
  WHEN (OLD.metadata <> '{}' OR OLD.invite_metadata <> '{}') EXECUTE FUNCTION keep_metadata_values();

INSERT INTO user_metadata_values (app_id, path, value, created_at, user_id)
  SELECT u.app_id, m.path, m.value, u.created_at, u.id FROM users u CROSS JOIN LATERAL metadata_values(u.metadata, u.invite_metadata) m
  WHERE u.metadata <> '{}' OR u.invite_metadata <> '{}'
  ORDER BY u.app_id, m.path, m.value, u.created_at, u.id;

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
