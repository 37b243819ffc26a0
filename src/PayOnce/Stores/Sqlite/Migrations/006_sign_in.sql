-- A provider's endpoints are asked of its issuer (OpenID Connect Discovery 1.0), and no longer kept.
alter table sign_in_providers drop column authorization_endpoint;
alter table sign_in_providers drop column token_endpoint;
alter table sign_in_providers drop column user_info_endpoint;
