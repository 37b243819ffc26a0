-- A provider's endpoints are asked of its issuer (OpenID Connect Discovery 1.0), and no longer kept.
alter table payonce.sign_in_providers drop column authorization_endpoint, drop column token_endpoint, drop column user_info_endpoint;

-- The page to sign in on names one organisation and reads its provider alone.
drop policy sign_in on payonce.sign_in_providers;
