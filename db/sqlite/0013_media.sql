-- media: what a file's sender calls it, in any script.

ALTER TABLE media ADD COLUMN title TEXT;
