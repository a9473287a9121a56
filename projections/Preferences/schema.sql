-- Preferences of entities by namespace, as they are and as they were.
create table current (
    id uuid primary key,
    entity uuid not null,
    namespace text collate "C" not null,
    created bigint not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (entity);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (entity, until, since);
