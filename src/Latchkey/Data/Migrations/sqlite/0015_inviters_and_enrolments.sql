-- Whose invitation it is: an address may change. Older rows have none and go by invited_by.
ALTER TABLE developer_invitations ADD COLUMN inviter_id TEXT;

-- When the seed that waits for its first code was made: it waits ten minutes.
ALTER TABLE developers ADD COLUMN totp_pending_at BIGINT;
