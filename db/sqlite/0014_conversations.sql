-- conversations: the name of a file that did not come with its text.

ALTER TABLE awaited_file ADD COLUMN media_name TEXT;
