-- Apps of organizations as they are and as they were. `external_id` is the organization's id in that system.
create table current (
    id uuid primary key,
    organization uuid not null,
    created bigint not null,
    type text collate "C" not null,
    external_id text collate "C",
    status text collate "C" not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (organization, created);
create index on current (type, external_id);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (organization, until, since);
create index on past (type, external_id);
