-- A lower price that staff granted one shopper by a press (haggling): for them alone, for one order, for a while.

-- migrate:up
ALTER TABLE contacts ADD COLUMN offers jsonb NOT NULL DEFAULT '{}';  -- {sku: {price, was, by, until}}
