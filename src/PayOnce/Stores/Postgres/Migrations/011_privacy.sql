-- How long documents are kept, and the erasure of personal fields afterwards (docs/decisions/0021).

alter table payonce.organisation_settings drop constraint organisation_settings_topic_check;
alter table payonce.organisation_settings add constraint organisation_settings_topic_check check (topic in ('flags', 'declaration', 'rates', 'limits', 'privacy'));

-- phase, cursor_at, cursor_id: how far it came, so that whoever goes on begins there.
-- salt: makes one pseudonym of each claimant while the erasure goes on; gone when it has ended, and with it every way back.
create table payonce.erasures (
    organisation_id text collate "C" not null,
    number bigint not null check (number > 0),
    before timestamptz not null,
    reason text not null,
    actor text not null,
    phase text collate "C" not null check (phase in ('claims', 'forms', 'acknowledgements', 'runs')),
    cursor_at timestamptz not null,
    cursor_id text collate "C" not null,
    salt bytea,
    claims bigint not null default 0,
    forms bigint not null default 0,
    receipts bigint not null default 0,
    acknowledgements bigint not null default 0,
    runs bigint not null default 0,
    begun_at timestamptz not null,
    ended_at timestamptz,
    primary key (organisation_id, number),
    check ((salt is null) = (ended_at is not null))
);

-- One at a time.
create unique index erasures_open on payonce.erasures (organisation_id) where ended_at is null;

-- The runs whose frozen bytes are gone.
create table payonce.erased_runs (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    at timestamptz not null,
    primary key (organisation_id, run_id)
);

alter table payonce.claims add column erased_at timestamptz;
alter table payonce.claim_forms add column erased_at timestamptz;
alter table payonce.declaration_acknowledgements add column erased_at timestamptz;
alter table payonce.files add column erased_at timestamptz;

-- ---- What erasure may change of rows that otherwise never change -------------------------------------------------------
create trigger never_removed before delete or truncate on payonce.erasures for each statement execute function payonce.refuse_change();
create trigger append_only before update or delete or truncate on payonce.erased_runs for each statement execute function payonce.refuse_change();

create function payonce.refuse_erased_claims() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- Nothing is put back into a claim that was erased, and what its sums come from stays. Whether it is withdrawn may still change.
    if (old.erased_at is not null and (new.claimant_id, new.claimant_name, new.approved_by, new.lines, new.erased_at)
            is distinct from (old.claimant_id, old.claimant_name, old.approved_by, old.lines, old.erased_at))
       or (new.claim_id, new.type, new.currency, new.total_minor, new.approved_at, new.payload_hash)
            is distinct from (old.claim_id, old.type, old.currency, old.total_minor, old.approved_at, old.payload_hash) then
        raise exception 'An erased claim stays erased, with its sums and hashes' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger erased_stay before update on payonce.claims for each row when (old.erased_at is not null or new.erased_at is not null) execute function payonce.refuse_erased_claims();

-- Its arguments are the columns that may change.
create function payonce.refuse_all_but_erasure() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    erased boolean;
begin
    if (to_jsonb(new) - tg_argv) is distinct from (to_jsonb(old) - tg_argv) then
        raise exception '% of payonce.% is refused: its rows are never changed or removed', tg_op, tg_table_name using errcode = 'restrict_violation';
    end if;
    case tg_table_name
        when 'batches' then
            erased := length(new.content) = 0 and exists (select 1 from payonce.erased_runs e where e.organisation_id = old.organisation_id and e.run_id = old.run_id);
        when 'attempts' then
            erased := (new.error is not distinct from old.error or new.error = 'erased') and (new.rejections is null) = (old.rejections is null)
                and exists (select 1 from payonce.erased_runs e where e.organisation_id = old.organisation_id and e.run_id = old.run_id);
        when 'declaration_acknowledgements' then
            erased := old.erased_at is null and new.erased_at is not null and new.text = '' and new.name = 'erased' and new.user_id = '';
        when 'declaration_withdrawals' then
            erased := new.actor = 'erased' and new.reason is null and exists (
                select 1 from payonce.declaration_acknowledgements a where a.organisation_id = old.organisation_id and a.number = old.number and a.erased_at is not null);
        when 'receipts' then
            erased := new.name = 'erased' and exists (
                select 1 from payonce.claim_forms f where f.organisation_id = old.organisation_id and f.form_id = old.form_id and f.erased_at is not null);
    end case;
    if not erased then
        raise exception '% of payonce.% is refused: its rows are never changed or removed', tg_op, tg_table_name using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

drop trigger append_only on payonce.attempts;
drop trigger append_only on payonce.declaration_acknowledgements;
drop trigger append_only on payonce.declaration_withdrawals;
create trigger append_only before delete or truncate on payonce.attempts for each statement execute function payonce.refuse_change();
create trigger append_only before delete or truncate on payonce.declaration_acknowledgements for each statement execute function payonce.refuse_change();
create trigger append_only before delete or truncate on payonce.declaration_withdrawals for each statement execute function payonce.refuse_change();
create trigger only_erased before update on payonce.attempts for each row execute function payonce.refuse_all_but_erasure('rejections', 'error');
create trigger only_erased before update on payonce.declaration_acknowledgements for each row
    execute function payonce.refuse_all_but_erasure('claimant_id', 'user_id', 'name', 'text', 'erased_at');
create trigger only_erased before update on payonce.declaration_withdrawals for each row execute function payonce.refuse_all_but_erasure('actor', 'reason');
create trigger only_erased before update on payonce.batches for each row execute function payonce.refuse_all_but_erasure('content');
create trigger only_erased before update on payonce.receipts for each row execute function payonce.refuse_all_but_erasure('name');

create or replace function payonce.refuse_change_of_decided() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- An approved form is opened again only by the withdrawal of what it rests on. Erasure takes what was typed and leaves the state.
    if old.erased_at is not null
       or ((old.state = 'discarded' or (old.state = 'approved' and new.state <> 'sent_back')) and (new.erased_at is null or new.state <> old.state))
       or (new.erased_at is null and new.claimant_id <> old.claimant_id) then
        raise exception 'An approved or discarded claim form is not changed' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

-- ---- Row-level security and privileges ---------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['erasures', 'erased_runs'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

grant select, insert, update on payonce.erasures to payonce_app;
grant select, insert on payonce.erased_runs to payonce_app;
grant update (content) on payonce.batches to payonce_app;
grant update (rejections, error) on payonce.attempts to payonce_app;
grant update (claimant_id, user_id, name, text, erased_at) on payonce.declaration_acknowledgements to payonce_app;
grant update (actor, reason) on payonce.declaration_withdrawals to payonce_app;
grant update (claimant_id, erased_at) on payonce.claim_forms to payonce_app;
grant update (name) on payonce.receipts to payonce_app;
