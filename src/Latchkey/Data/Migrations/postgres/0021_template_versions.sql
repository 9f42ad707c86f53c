-- The saved versions of an application's own templates, to compare and to go back to.

CREATE TABLE template_versions (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  kind TEXT NOT NULL,
  version BIGINT NOT NULL, -- 1, 2, …; of a template that is in use, the highest is
  subject TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  html TEXT NOT NULL,
  link_text TEXT NOT NULL,
  restored_from BIGINT, -- the earlier version that this one repeats
  actor TEXT NOT NULL, -- who saved it; empty for what was there before versions were kept
  saved_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, locale, kind, version)
);

INSERT INTO template_versions (app_id, locale, kind, version, subject, reply_to, html, link_text, actor, saved_at)
SELECT app_id, locale, kind, 1, subject, reply_to, html, link_text, '', updated_at FROM templates;
