-- The people at Apple and Google whom users sign in as, several for one user.

CREATE TABLE user_identities (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL, -- the provider's own id of the person
  email TEXT NOT NULL, -- the address that the provider verified; empty if it kept it back
  created_at BIGINT NOT NULL,
  last_used_at BIGINT, -- the last sign-in with it; NULL: none
  PRIMARY KEY (app_id, id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_identities_subject ON user_identities (app_id, provider, subject);
CREATE INDEX user_identities_user ON user_identities (app_id, user_id);

-- users.provider_subject held them, one for each user. From here on only nodes of the previous release read and write that column. A user
-- who signs up on one of them meanwhile is found by the verified address at the next sign-in, as an imported one is.
INSERT INTO user_identities (app_id, id, user_id, provider, subject, email, created_at, last_used_at)
SELECT app_id, id, id, login_provider, provider_subject, CASE WHEN email_verified THEN handle ELSE '' END, created_at, last_login_at
FROM users WHERE provider_subject IS NOT NULL AND login_provider <> '';
