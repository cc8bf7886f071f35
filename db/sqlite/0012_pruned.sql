-- kernel: how far the journal has forgotten. Numbers leap at a start, so this cannot be told from the oldest row.

ALTER TABLE journal_head ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;

UPDATE journal_head SET pruned = coalesce(
    (SELECT min(journal.seq) - 1 FROM journal WHERE journal.organization_id = journal_head.organization_id), seq);
