-- How many users a language has that is about to be removed. Most users have EN, so those are left out.
CREATE INDEX users_locale ON users (app_id, locale) WHERE locale <> 'EN';
