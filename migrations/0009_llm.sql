-- What language models cost: tokens a day of each conversation (key) and of the whole shop (key '').

-- migrate:up
CREATE TABLE llm_use (
    shop_id text NOT NULL,
    day date NOT NULL,                          -- the shop's own day
    key text NOT NULL,                          -- conversation key; '' the whole shop
    tokens bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (shop_id, day, key)
);
