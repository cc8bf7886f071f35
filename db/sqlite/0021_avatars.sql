-- media: the picture of an agent is a file like any other, but stays for as long as it is the picture.
ALTER TABLE media ADD COLUMN avatar_of TEXT;        -- the identity that shows it
CREATE UNIQUE INDEX media_avatar ON media (avatar_of) WHERE avatar_of IS NOT NULL;
