-- What an entry of the log changed, from what to what: a JSON array of name, before and after. Never a secret.

ALTER TABLE audit ADD COLUMN changes TEXT;
