-- What lists of users are sorted and narrowed by: those with an address and those without are lists of their own.
CREATE INDEX users_list_created ON users (app_id, anonymous, created_at, id);
CREATE INDEX users_list_login ON users (app_id, anonymous, last_login_at, id);
CREATE INDEX users_list_suspended ON users (app_id, anonymous, created_at, id) WHERE status = 'suspend';
CREATE INDEX users_list_origin ON users (app_id, anonymous, origin, created_at, id) WHERE origin IN ('invitation', 'portal', 'social');

-- Parts of handles and user names are found by trigrams. Where the extension may not be added, the search reads on without: the same
-- answers, later. An operator who gets it afterwards runs these statements by hand (docs/operations.md).
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX users_search_handle ON users USING gin (handle gin_trgm_ops) WITH (gin_pending_list_limit = 1024) WHERE handle < 'ANON_' OR handle >= 'ANON`';
  CREATE INDEX users_search_name ON users USING gin (user_name gin_trgm_ops) WITH (gin_pending_list_limit = 1024);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not available: parts of handles are searched without an index';
END
$$;
