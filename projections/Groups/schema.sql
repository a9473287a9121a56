-- Groups as they are and as they were.
create table current (
    id uuid primary key,
    organization uuid not null,
    created bigint not null,
    status text collate "C" not null,
    type text collate "C" not null,
    name_key text collate "C" not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (organization, created);
create index on current (organization, status, created);
create index on current (organization, type, status, created);
create index on current (organization, name_key);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (organization, status, created, since, until);
create index on past (organization, type, status, created, since, until);
