-- Organizations as they are and as they were. `created` is the position of the creating event: lists are in its order.
create table current (
    id uuid primary key,
    created bigint not null,
    alias text collate "C" not null,
    status text collate "C" not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (created);
create index on current (alias);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (alias);
