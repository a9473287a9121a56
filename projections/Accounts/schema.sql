-- Accounts as they are and as they were. `creator` is the account that made it, where one did; `grants_changed` the position
-- of the last event that changed its grants.
create table current (
    id uuid primary key,
    created bigint not null,
    email_key text collate "C",
    status text collate "C" not null,
    creator uuid,
    grants_changed bigint not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (created);
create index on current (email_key);
create index on current (creator) where creator is not null;

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (email_key);
