-- Most users have no name and no phone: they are not worth a place in these indexes, nor the work of giving them one.
DROP INDEX users_user_name;
DROP INDEX users_phone;
CREATE UNIQUE INDEX users_user_name ON users (app_id, user_name) WHERE user_name IS NOT NULL;
CREATE UNIQUE INDEX users_phone ON users (app_id, phone) WHERE phone IS NOT NULL;
