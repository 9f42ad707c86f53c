-- Payments of invoices by card. Cards are at the payment provider; here are only its names for them.

-- The card of a billing account. The provider's customer stays when the card is removed, and then there is no method.
CREATE TABLE payment_cards (
  account_id TEXT NOT NULL PRIMARY KEY REFERENCES billing_accounts (id) ON DELETE CASCADE,
  customer TEXT NOT NULL,
  method TEXT,
  label TEXT NOT NULL,
  saved_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX payment_cards_customer ON payment_cards (customer);

-- Every attempt to charge an invoice, written before the provider is asked. The reference is the provider's, once it is known.
CREATE TABLE payment_attempts (
  invoice_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL,
  reference TEXT,
  reason TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  PRIMARY KEY (invoice_id, attempt)
);
CREATE INDEX payment_attempts_reference ON payment_attempts (reference);

-- The events of the provider's webhook that were taken, so that each counts once.
CREATE TABLE payment_events (
  id TEXT NOT NULL PRIMARY KEY,
  received_at BIGINT NOT NULL
);
CREATE INDEX payment_events_received ON payment_events (received_at);
