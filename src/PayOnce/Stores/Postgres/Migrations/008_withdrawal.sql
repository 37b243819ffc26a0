-- A claim that was approved and is so no longer. Three columns rather than a table: the statements that ask read the claim's row already.
-- No index over what intake writes: the condition keeps every other claim out of it.
alter table payonce.claims
    add column withdrawn_at timestamptz,
    add column withdrawn_by text,
    add column withdrawn_reason text,
    add constraint withdrawn_whole check (num_nulls(withdrawn_at, withdrawn_by, withdrawn_reason) in (0, 3));

create index claims_withdrawn on payonce.claims (organisation_id, approved_at, claim_id) where withdrawn_at is not null;
