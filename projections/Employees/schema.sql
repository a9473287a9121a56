-- Employees as they are and as they were. `json` is what every member of the organization sees; `full_json`, where it
-- differs, also shows the profile's hidden fields. `managed`: whether there is a reporting line of type DIRECT.
create table current (
    id uuid primary key,
    organization uuid not null,
    created bigint not null,
    email_key text collate "C",
    account uuid,
    status text collate "C" not null,
    type text collate "C" not null,
    managed boolean not null,
    json json not null,
    full_json json,
    since bigint not null
) with (fillfactor = 80);
create index on current (organization, created);
create index on current (organization, email_key);
create index on current (account, status, organization) where account is not null;
create index on current (organization, status, account) where account is not null;
create index on current (organization, created) where not managed and status = 'ACTIVE';

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (account) where account is not null;
create index on past (organization, until, since) where account is not null;
create index on past (organization, created, since, until) where not managed and status = 'ACTIVE';
