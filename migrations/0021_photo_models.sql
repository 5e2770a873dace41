-- Vectors of several models side by side: a learned model beside the built-in descriptor, and the copy in Pinecone.

-- migrate:up
-- where a copy was seen ("sent <where>": sent, not seen yet); what was not seen there is searched here
ALTER TABLE photo_vectors ADD COLUMN mirror text NOT NULL DEFAULT '';
CREATE INDEX photo_vectors_mirror ON photo_vectors (shop_id, model, mirror);

CREATE TABLE mirror_gone (                      -- copies of photos that are no longer shown, until they are deleted
    shop_id text NOT NULL,
    id text NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE text_vectors (                     -- products as a learned model reads them
    shop_id text NOT NULL,
    sku text NOT NULL,
    model text NOT NULL,
    digest text NOT NULL,                       -- of the text that was read
    vector halfvec NOT NULL,
    PRIMARY KEY (shop_id, sku, model)
);

-- migrate:down
DROP TABLE text_vectors;
DROP TABLE mirror_gone;
DROP INDEX photo_vectors_mirror;
ALTER TABLE photo_vectors DROP COLUMN mirror;
