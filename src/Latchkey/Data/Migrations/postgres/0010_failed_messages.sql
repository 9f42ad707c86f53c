-- What the operator looks at first when mail does not arrive.
CREATE INDEX messages_failed ON messages (created_at) WHERE status = 'failed';
