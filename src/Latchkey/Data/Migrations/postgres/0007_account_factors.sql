-- Portal sessions know when their developer last proved who they are. Those that exist have to prove it again.

ALTER TABLE portal_sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0; -- the sign-in, or the last "Confirm that it is you"
