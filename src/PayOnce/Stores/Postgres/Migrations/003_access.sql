-- Who may do what: users, their roles, sessions, tokens, sign-in providers, keys.

-- ---- The installation's own tables ------------------------------------------------------------------------------------
-- They carry no organisation. Only a transaction that says it is for '*installation', which is no valid id, reaches them; one for
-- an organisation sees its own members' names, its own invitations and the installation's settings, and no password or session.

-- email_key: the address in lower case, by the program.
create table payonce.users (
    user_id text collate "C" primary key check (user_id <> ''),
    email text not null,
    email_key text collate "C" not null unique,
    name text not null,
    language text collate "C" check (language in ('nb', 'en')),
    live_updates boolean not null,
    operator boolean not null,
    disabled boolean not null,
    created_at timestamptz not null,
    last_signed_in_at timestamptz
);

-- Apart from the users, so that who lists an organisation's members reads nothing of it.
create table payonce.user_credentials (
    user_id text collate "C" primary key,
    password_hash text,
    security_stamp text not null,
    failed_sign_ins integer not null default 0 check (failed_sign_ins >= 0),
    locked_until timestamptz
) with (fillfactor = 70);

create table payonce.sessions (
    session_sha256 text collate "C" primary key,
    user_id text collate "C" not null,
    only_organisation text collate "C",
    client text,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz
) with (fillfactor = 70);
create index sessions_of_user on payonce.sessions (user_id);

create table payonce.one_time_links (
    link_sha256 text collate "C" primary key,
    purpose text collate "C" not null check (purpose in ('first_administrator', 'invitation', 'password_reset')),
    email text,
    email_key text collate "C",
    user_id text collate "C",
    organisation_id text collate "C",
    role text collate "C" check (role in ('administrator', 'coordinator', 'auditor', 'claimant')),
    claimant_id text collate "C",
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    check ((purpose = 'invitation') = (organisation_id is not null)),
    check ((purpose = 'invitation') = (email is not null and email_key is not null and role is not null)),
    check ((purpose = 'password_reset') = (user_id is not null)),
    check (role <> 'claimant' or claimant_id is not null)
);
-- Of each kind one counts.
create unique index one_first_administrator on payonce.one_time_links (purpose) where purpose = 'first_administrator' and ended_at is null;
create unique index one_invitation on payonce.one_time_links (organisation_id, email_key) where purpose = 'invitation' and ended_at is null;
create unique index one_password_reset on payonce.one_time_links (user_id) where purpose = 'password_reset' and ended_at is null;

-- Encrypted by the program, whose master key is not in the database.
create table payonce.data_protection_keys (
    key_id text collate "C" primary key,
    xml text not null,
    created_at timestamptz not null
);

create table payonce.installation_settings (
    key text collate "C" primary key,
    value text not null,
    version integer not null check (version > 0),
    changed_at timestamptz not null,
    changed_by text not null
);

-- ---- An organisation's tables -----------------------------------------------------------------------------------------
create table payonce.memberships (
    organisation_id text collate "C" not null,
    user_id text collate "C" not null check (user_id <> ''),
    role text collate "C" not null check (role in ('administrator', 'coordinator', 'auditor', 'claimant')),
    claimant_id text collate "C",
    since timestamptz not null,
    primary key (organisation_id, user_id),
    unique (organisation_id, claimant_id),
    check (role <> 'claimant' or claimant_id is not null)
);
create index memberships_of_user on payonce.memberships (user_id);

create table payonce.api_tokens (
    organisation_id text collate "C" not null,
    token_id text collate "C" not null check (token_id <> ''),
    name text collate "C" not null,
    sha256 text collate "C" not null,
    permissions text collate "C" not null check (permissions <> ''),
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    primary key (organisation_id, token_id)
);
create unique index api_tokens_name on payonce.api_tokens (organisation_id, name) where revoked_at is null;
create index api_tokens_by_id on payonce.api_tokens (token_id);

-- version: the number of the audit event that tells of the change.
create table payonce.sign_in_providers (
    organisation_id text collate "C" primary key,
    name text not null,
    issuer text not null,
    authorization_endpoint text not null,
    token_endpoint text not null,
    user_info_endpoint text not null,
    client_id text not null,
    scopes text not null,
    secret_name text collate "C",
    version bigint not null
);

-- The organisation belongs to the key: whoever sets up its provider decides what the provider says, and must reach nobody by it
-- who did not link himself to this very organisation.
create table payonce.external_identities (
    organisation_id text collate "C" not null,
    issuer text collate "C" not null,
    subject text collate "C" not null,
    user_id text collate "C" not null,
    linked_at timestamptz not null,
    primary key (organisation_id, issuer, subject)
);
create index external_identities_of_user on payonce.external_identities (user_id);

-- ---- Row-level security -----------------------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['users', 'user_credentials', 'sessions', 'one_time_links', 'data_protection_keys', 'installation_settings'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy installation on payonce.%I to payonce_app '
            'using ((select current_setting(''payonce.organisation'', true)) = ''*installation'')', name);
    end loop;
    foreach name in array array['memberships', 'api_tokens', 'sign_in_providers', 'external_identities', 'one_time_links'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

-- What one user belongs to is read by a transaction that says which user; what a token is, by one that says which token: those
-- rows and no others, whatever organisation they are of.
create policy of_user on payonce.memberships for select to payonce_app using (user_id = (select current_setting('payonce.user', true)));
create policy of_user on payonce.external_identities for select to payonce_app using (user_id = (select current_setting('payonce.user', true)));
create policy of_token on payonce.api_tokens for select to payonce_app using (token_id = (select current_setting('payonce.token', true)));

-- An organisation sees the names of its own members.
create policy members on payonce.users for select to payonce_app using (exists (
    select 1 from payonce.memberships m
    where m.organisation_id = (select current_setting('payonce.organisation', true)) and m.user_id = users.user_id));

-- The page to sign in on knows no organisation yet; a provider's addresses are public, and its secret is elsewhere.
create policy sign_in on payonce.sign_in_providers for select to payonce_app using ((select current_setting('payonce.organisation', true)) = '*installation');
create policy names_of_memberships on payonce.organisations for select to payonce_app using ((select current_setting('payonce.organisation', true)) = '*installation');

-- No secrets: every organisation's runs look at the installation's kill switch.
create policy everybody_reads on payonce.installation_settings for select to payonce_app using (true);

-- ---- Privileges -------------------------------------------------------------------------------------------------------
grant select, insert, update (email, email_key, name, language, live_updates, operator, disabled, last_signed_in_at) on payonce.users to payonce_app;
grant select, insert, update (password_hash, security_stamp, failed_sign_ins, locked_until) on payonce.user_credentials to payonce_app;
grant select, insert, delete, update (last_seen_at, ended_at) on payonce.sessions to payonce_app;
grant select, insert, delete, update (ended_at) on payonce.one_time_links to payonce_app;
grant select, insert, delete, update (role, claimant_id) on payonce.memberships to payonce_app;
grant select, insert, update (last_used_at, revoked_at, revoked_by) on payonce.api_tokens to payonce_app;
grant select, insert, update, delete on payonce.sign_in_providers to payonce_app;
grant select, insert, delete on payonce.external_identities to payonce_app;
grant select, insert on payonce.data_protection_keys to payonce_app;
grant select, insert, update (value, version, changed_at, changed_by) on payonce.installation_settings to payonce_app;
