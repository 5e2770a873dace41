-- What people chose when several products were alike to a picture: a shop's confidence learns from it.

-- migrate:up
CREATE TABLE photo_feedback (
    shop_id text NOT NULL,
    picture text NOT NULL,                      -- sha256 of the picture as it came; the picture itself is not kept
    model text NOT NULL,                        -- embedder and version that judged; choices about others do not count
    sku text NOT NULL,
    odds real NOT NULL,                         -- log-odds that it is this product, as shipped, before any learning
    chosen boolean NOT NULL,                    -- false: another one was chosen
    by text NOT NULL,                           -- shopper | staff
    chosen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, picture, model, sku)
);
CREATE INDEX photo_feedback_newest ON photo_feedback (shop_id, model, chosen_at DESC);

-- migrate:down
DROP TABLE photo_feedback;
