-- Pay as you go: what applications used, what it costs, and who pays. All of it stays empty while LATCHKEY_BILLING is off.
--
-- Months are numbers in UTC: 202611 is November 2026. Amounts are whole minor units of a currency. No table refers to applications or
-- users: what was used is charged after they are deleted.

-- ---------------------------------------------------------------- Activity

-- One row for each thing that is charged by number. The subject is a user's id (active_user) or a message's id (mail, sms), so that
-- nothing counts twice in a month.
CREATE TABLE metered_uses (
  app_id TEXT NOT NULL,
  month INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (app_id, month, kind, subject)
);
CREATE INDEX metered_uses_month ON metered_uses (month);

-- The type and the status that an application had, and since when; the last status of a deleted one is 'deleted'.
CREATE TABLE metered_states (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- The bytes that an application stored, from a time on.
CREATE TABLE metered_storage (
  app_id TEXT NOT NULL,
  id TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- ---------------------------------------------------------------- Billing

-- Price lists. The prices (terms, JSON) have versions: each holds from a month on.
CREATE TABLE plans (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX plans_name ON plans (name);

CREATE TABLE plan_versions (
  plan_id TEXT NOT NULL,
  month INTEGER NOT NULL,
  terms TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (plan_id, month)
);

-- Who pays. The budget is a month's amount before tax; budget_percent says up to which share of it mails were sent in budget_month.
CREATE TABLE billing_accounts (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  tax_id TEXT NOT NULL,
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  currency TEXT NOT NULL,
  budget BIGINT,
  budget_stops BOOLEAN NOT NULL DEFAULT FALSE,
  budget_month INTEGER NOT NULL DEFAULT 0,
  budget_percent INTEGER NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

CREATE TABLE billing_account_developers (
  account_id TEXT NOT NULL,
  developer_id TEXT NOT NULL REFERENCES developers (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, developer_id)
);
CREATE INDEX billing_account_developers_developer ON billing_account_developers (developer_id);

-- Which account pays for an application by which plan, from a month on.
CREATE TABLE billing_assignments (
  app_id TEXT NOT NULL,
  month INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  PRIMARY KEY (app_id, month)
);
CREATE INDEX billing_assignments_account ON billing_assignments (account_id);

-- The closed months: what an application used and what it costs, as canonical JSON.
CREATE TABLE statements (
  app_id TEXT NOT NULL,
  month INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  tax_rate INTEGER NOT NULL,
  net BIGINT NOT NULL,
  document TEXT NOT NULL,
  closed_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, month)
);
CREATE INDEX statements_account ON statements (account_id, month);

-- Invoices and credit notes. The document (JSON) and the number are written when one is opened, and never change.
CREATE TABLE invoices (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  month INTEGER NOT NULL,
  currency TEXT NOT NULL,
  tax_rate INTEGER NOT NULL,
  status TEXT NOT NULL,
  number TEXT,
  credits_id TEXT,
  net BIGINT NOT NULL,
  tax BIGINT NOT NULL,
  total BIGINT NOT NULL,
  document TEXT,
  reminders INTEGER NOT NULL DEFAULT 0, -- how many steps of dunning were taken, and when the last one was
  reminded_at BIGINT,
  created_at BIGINT NOT NULL,
  opened_at BIGINT,
  due_at BIGINT,
  settled_at BIGINT
);
CREATE UNIQUE INDEX invoices_month ON invoices (account_id, month, tax_rate) WHERE kind = 'invoice';
CREATE UNIQUE INDEX invoices_number ON invoices (number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX invoices_credits ON invoices (credits_id) WHERE credits_id IS NOT NULL;
CREATE INDEX invoices_status ON invoices (status, due_at);

-- The last number of each series. It is counted up in the transaction that opens an invoice, so that none is left out.
CREATE TABLE invoice_numbers (
  series TEXT NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);

CREATE TABLE payments (
  id TEXT NOT NULL PRIMARY KEY,
  invoice_id TEXT NOT NULL,
  amount BIGINT NOT NULL,
  method TEXT NOT NULL,
  reference TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  received_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX payments_invoice ON payments (invoice_id);
