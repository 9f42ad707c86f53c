-- The anonymous ones among user_counts.users, for the lists of the portal. Nodes of the previous release leave it as it is.
ALTER TABLE user_counts ADD COLUMN anonymous BIGINT NOT NULL DEFAULT 0;
