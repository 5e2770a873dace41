-- What orders need besides the spine: where a card came from, the newest receipt of an order, a receipt's second key.

-- migrate:up
ALTER TABLE cards ADD COLUMN origin text NOT NULL DEFAULT 'config' CHECK (origin IN ('config', 'owner'));
ALTER TABLE cards ADD COLUMN position smallint NOT NULL DEFAULT 1;  -- shown in this order; 0: set by the owner in chat

ALTER TABLE orders ADD COLUMN receipt bigint;   -- receipts.id: the newest receipt about this order
CREATE INDEX orders_following ON orders (shop_id, updates_key) WHERE updates_key <> '';
CREATE INDEX orders_link ON orders (shop_id, updates_token) WHERE updates_token <> '';

ALTER TABLE receipts ADD COLUMN pays bigint[] NOT NULL DEFAULT '{}';  -- the orders it pays, when there are several
ALTER TABLE receipts ADD COLUMN numbers_key text;   -- hash of all numbers read: the same payment photographed twice
CREATE INDEX receipts_numbers ON receipts (shop_id, numbers_key) WHERE numbers_key IS NOT NULL;
CREATE INDEX receipts_of_chat ON receipts (shop_id, key, id);
