-- What an organisation settles for itself, the declaration's acknowledgements, and claims while they are forms.

-- topic: flags, declaration, rates, limits. value: JSON, never searched in SQL.
create table payonce.organisation_settings (
    organisation_id text collate "C" not null,
    topic text collate "C" not null check (topic in ('flags', 'declaration', 'rates', 'limits')),
    version integer not null check (version > 0),
    value text not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (organisation_id, topic, version)
);

-- text: the exact text that was read.
create table payonce.declaration_acknowledgements (
    organisation_id text collate "C" not null,
    number bigint not null check (number > 0),
    version integer not null,
    claimant_id text collate "C" not null check (claimant_id <> ''),
    user_id text collate "C" not null,
    name text not null check (name <> ''),
    text text not null,
    sha256 text collate "C" not null,
    at timestamptz not null,
    primary key (organisation_id, number)
);

create index declaration_acknowledgements_of_claimant on payonce.declaration_acknowledgements (organisation_id, claimant_id, number);

create table payonce.declaration_withdrawals (
    organisation_id text collate "C" not null,
    number bigint not null,
    actor text not null,
    reason text,
    at timestamptz not null,
    primary key (organisation_id, number)
);

-- Which acknowledgement a claim rests on; of several the one with the highest number.
create table payonce.claim_acknowledgements (
    organisation_id text collate "C" not null,
    claim_id text collate "C" not null,
    number bigint not null,
    primary key (organisation_id, claim_id, number)
);

create index claim_acknowledgements_of_number on payonce.claim_acknowledgements (organisation_id, number);

-- content: JSON, never searched in SQL.
create table payonce.claim_forms (
    organisation_id text collate "C" not null,
    form_id text collate "C" not null check (form_id <> ''),
    kind text collate "C" not null check (kind in ('driver-honorarium', 'travel')),
    claimant_id text collate "C" not null check (claimant_id <> ''),
    claimant_name text not null,
    user_id text collate "C" not null,
    state text collate "C" not null check (state in ('draft', 'submitted', 'sent_back', 'approved', 'discarded')),
    revision integer not null check (revision > 0),
    content text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    submitted_at timestamptz,
    decided_by text collate "C",
    decided_by_name text,
    decided_at timestamptz,
    reason text,
    acknowledgement_number bigint,
    rates_version integer,
    next_receipt integer not null default 1,
    primary key (organisation_id, form_id),
    check ((state in ('submitted', 'approved')) = (submitted_at is not null)),
    check (state <> 'approved' or (decided_by is not null and decided_by <> user_id and rates_version is not null)),
    check (state <> 'approved' or kind <> 'driver-honorarium' or acknowledgement_number is not null)
);

create index claim_forms_of_claimant on payonce.claim_forms (organisation_id, claimant_id, changed_at);
create index claim_forms_by_state on payonce.claim_forms (organisation_id, state, changed_at);

create table payonce.receipts (
    organisation_id text collate "C" not null,
    form_id text collate "C" not null,
    number integer not null,
    name text not null,
    content_type text collate "C" not null check (content_type in ('application/pdf', 'image/jpeg', 'image/png')),
    bytes bigint not null check (bytes > 0),
    sha256 text collate "C" not null,
    added_at timestamptz not null,
    primary key (organisation_id, form_id, number)
);

-- The bytes are packed already.
create table payonce.receipt_chunks (
    organisation_id text collate "C" not null,
    form_id text collate "C" not null,
    number integer not null,
    chunk integer not null,
    data bytea not null,
    primary key (organisation_id, form_id, number, chunk)
);
alter table payonce.receipt_chunks alter column data set storage external;

-- ---- Append-only ------------------------------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['organisation_settings', 'declaration_acknowledgements', 'declaration_withdrawals', 'claim_acknowledgements'] loop
        execute format('create trigger append_only before update or delete or truncate on payonce.%I for each statement execute function payonce.refuse_change()', name);
    end loop;
end
$$;

create trigger never_removed before delete or truncate on payonce.claim_forms for each statement execute function payonce.refuse_change();

-- What somebody decided about is what they saw.
create function payonce.refuse_change_of_decided() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- An approved form is opened again only by the withdrawal of what it rests on.
    if old.state = 'discarded' or (old.state = 'approved' and new.state <> 'sent_back') then
        raise exception 'An approved or discarded claim form is not changed' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger decided_stay before update on payonce.claim_forms for each row execute function payonce.refuse_change_of_decided();

create function payonce.refuse_removal_of_decided() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select 1 from payonce.claim_forms f where f.organisation_id = old.organisation_id and f.form_id = old.form_id and f.state not in ('draft', 'sent_back')) then
        raise exception 'Receipts of a submitted claim stay' using errcode = 'restrict_violation';
    end if;
    return old;
end
$$;

create trigger decided_stay before delete on payonce.receipts for each row execute function payonce.refuse_removal_of_decided();

-- ---- Row-level security -----------------------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['organisation_settings', 'declaration_acknowledgements', 'declaration_withdrawals', 'claim_acknowledgements',
                                'claim_forms', 'receipts', 'receipt_chunks'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

-- ---- Privileges -------------------------------------------------------------------------------------------------------
grant select, insert on payonce.organisation_settings, payonce.declaration_acknowledgements, payonce.declaration_withdrawals, payonce.claim_acknowledgements to payonce_app;
grant select, insert, update (claimant_name, user_id, state, revision, content, changed_at, submitted_at, decided_by, decided_by_name, decided_at, reason, acknowledgement_number, rates_version, next_receipt)
    on payonce.claim_forms to payonce_app;
grant select, insert, delete on payonce.receipts, payonce.receipt_chunks to payonce_app;
