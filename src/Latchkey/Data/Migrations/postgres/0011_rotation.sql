-- Keys that sign user JWTs come and go: announced, active, retiring. One signs at a time.
ALTER TABLE signing_keys ADD COLUMN activated_at BIGINT;
ALTER TABLE signing_keys ADD COLUMN ends_at BIGINT;
ALTER TABLE signing_keys ADD COLUMN signed_until BIGINT NOT NULL DEFAULT 0;
UPDATE signing_keys SET activated_at = created_at;
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (app_id) WHERE state = 'active';
CREATE INDEX signing_keys_end ON signing_keys (ends_at) WHERE ends_at IS NOT NULL;

-- The key of the ring that signed or hashed what lives long: so far there was one, which also sealed the ring's mark (v1.ID.…).
ALTER TABLE app_tokens ADD COLUMN ring_key TEXT NOT NULL DEFAULT '';
ALTER TABLE developer_recovery_codes ADD COLUMN ring_key TEXT NOT NULL DEFAULT '';
UPDATE app_tokens SET ring_key = COALESCE((SELECT substr(value, 4, 14) FROM installation WHERE name = 'key_ring'), '');
UPDATE developer_recovery_codes SET ring_key = COALESCE((SELECT substr(value, 4, 14) FROM installation WHERE name = 'key_ring'), '');

ALTER TABLE app_secrets ADD COLUMN label TEXT NOT NULL DEFAULT '';
