-- What staff let go of an order's transfer ("accept as full"), so that the sums of an order add up for ever.

-- migrate:up
ALTER TABLE orders ADD COLUMN forgiven bigint NOT NULL DEFAULT 0 CHECK (forgiven >= 0);

-- until now it could only be reckoned back: what is missing in the sums and was not paid by a surplus
UPDATE orders SET forgiven = GREATEST(0,
        total + (delivery ->> 'price')::bigint - to_transfer - due_on_arrival - GREATEST(0, paid - to_transfer))
    WHERE status IN ('paid', 'packed', 'shipped', 'delivered') AND delivery ? 'price';
