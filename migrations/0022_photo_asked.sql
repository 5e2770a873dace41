-- Pictures that staff are asked about on the card of a hand-over: what was thought of each, until somebody presses.

-- migrate:up
CREATE TABLE photo_asked (
    shop_id text NOT NULL,
    picture text NOT NULL,                      -- sha256 of the picture as it came
    model text NOT NULL,
    shown jsonb NOT NULL,                       -- [[sku, log-odds]] of the nearest, none of them sure
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, picture)
);

-- migrate:down
DROP TABLE photo_asked;
