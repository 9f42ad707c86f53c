-- How applications look on the pages of their users.

CREATE TABLE brandings (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  version BIGINT NOT NULL, -- 0: the draft; of the others, which were published, the highest is in use
  settings TEXT NOT NULL, -- a JSON object
  logo TEXT NOT NULL, -- a PNG in base64; empty for none
  logo_width BIGINT NOT NULL, -- in pixels; 0 for no logo
  logo_height BIGINT NOT NULL,
  restored_from BIGINT, -- the earlier version that this one repeats
  actor TEXT NOT NULL, -- who made it
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, version)
);
