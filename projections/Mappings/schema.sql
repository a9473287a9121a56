-- Mappings of entities to what they are in apps, as they are and as they were. `organization` is the app's; `kind` the entity's.
create table current (
    id uuid primary key,
    entity uuid not null,
    kind text collate "C" not null,
    organization uuid not null,
    app uuid not null,
    namespace text collate "C" not null,
    mapped_id text collate "C" not null,
    created bigint not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (entity, organization);
create index on current (app, mapped_id);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (entity, until, since);
create index on past (app, mapped_id);
