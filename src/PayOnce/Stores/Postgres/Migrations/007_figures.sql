-- What keeps pages and counts as quick with a million claims as with a few.
-- No index here has a column or a condition that confirming an export changes: an update of a mark stays on its page (HOT).

-- Forced re-exports are few: without their older generations, the sums of exports say how many claims are exported now.
create index marks_again on payonce.marks (organisation_id, claim_id, generation) where generation > 0;
