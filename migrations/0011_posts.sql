-- Posts as the platform shows them, asked once; which thread of a discussion group is under which post.

-- migrate:up
ALTER TABLE posts ADD COLUMN media jsonb NOT NULL DEFAULT '[]';     -- references to its pictures (kit.message.Media)
ALTER TABLE posts ADD COLUMN album text NOT NULL DEFAULT '';        -- pictures published together are several posts
ALTER TABLE posts ADD COLUMN asked_at timestamptz;                  -- when the platform was asked what it shows
ALTER TABLE posts ADD COLUMN looked bigint;                         -- the shop's version when its pictures were looked at
CREATE INDEX posts_of_album ON posts (shop_id, channel, album) WHERE album <> '';

-- A comment under a comment names only its thread: the message id of the post's copy in the group.
CREATE TABLE post_threads (
    shop_id text NOT NULL,
    channel text NOT NULL,
    chat_id text NOT NULL,                      -- the discussion group
    thread text NOT NULL,
    post_id text NOT NULL,
    PRIMARY KEY (shop_id, channel, chat_id, thread)
);
