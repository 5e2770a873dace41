-- The web chat reads a conversation back from what was said in it: a page opened again shows its history.

-- migrate:up
CREATE INDEX outbox_of_chat ON outbox (shop_id, key, id);
