-- The providers that users of an application can sign in with on its pages.

CREATE TABLE identity_providers (
  app_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  alias TEXT NOT NULL, -- in addresses, and user_identities.provider
  template TEXT NOT NULL, -- a key of the catalogue, or oidc
  name TEXT NOT NULL,
  fields TEXT NOT NULL, -- what else the catalogue asks for, such as the issuer: lines of name=value
  client_id TEXT NOT NULL,
  secret_sealed TEXT NOT NULL, -- empty: none
  scopes TEXT NOT NULL, -- with spaces between them; empty: those of the catalogue
  claims TEXT NOT NULL, -- which claims become metadata: lines of claim=path
  position INTEGER NOT NULL, -- the order of the buttons
  enabled BOOLEAN NOT NULL,
  email_trust TEXT NOT NULL, -- when its addresses count as verified; empty: as the catalogue says
  signup_allowed BOOLEAN NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (app_id, id)
);
CREATE UNIQUE INDEX identity_providers_alias ON identity_providers (app_id, alias);
