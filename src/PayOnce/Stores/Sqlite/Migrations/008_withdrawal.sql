-- A claim that was approved and is so no longer.
alter table claims add column withdrawn_at integer;
alter table claims add column withdrawn_by text check ((withdrawn_by is null) = (withdrawn_at is null));
alter table claims add column withdrawn_reason text check ((withdrawn_reason is null) = (withdrawn_at is null));

create index claims_withdrawn on claims (organisation_id, approved_at, claim_id) where withdrawn_at is not null;
