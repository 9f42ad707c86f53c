-- What lists of users are sorted and narrowed by: those with an address and those without are lists of their own.
CREATE INDEX users_list_created ON users (app_id, anonymous, created_at, id);
CREATE INDEX users_list_login ON users (app_id, anonymous, last_login_at, id);
CREATE INDEX users_list_suspended ON users (app_id, anonymous, created_at, id) WHERE status = 'suspend';
CREATE INDEX users_list_origin ON users (app_id, anonymous, origin, created_at, id) WHERE origin IN ('invitation', 'portal', 'social');
