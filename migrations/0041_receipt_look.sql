-- migrate:up
-- How a receipt's picture looks, 64 bits: a hint beside equal numbers, never a reason of its own.
ALTER TABLE receipts ADD COLUMN look bigint;
-- receipts of the very same sum, the newest first
CREATE INDEX receipts_of_sum ON receipts (shop_id, amount, id) WHERE amount IS NOT NULL;
