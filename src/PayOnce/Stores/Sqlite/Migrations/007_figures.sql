-- What keeps pages and counts as quick with a million claims as with a few.

-- Forced re-exports are few: without their older generations, the sums of exports say how many claims are exported now.
create index marks_again on marks (organisation_id, claim_id, generation) where generation > 0;
