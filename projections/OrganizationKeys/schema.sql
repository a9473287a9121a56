-- The keys of organizations, as long as they exist: a token counts while its key is in `current`. Their secrets are elsewhere.
-- `created` is the position of the creating event: an organization shows its keys in this order.
create table current (
    id uuid primary key,
    organization uuid not null,
    created bigint not null,
    name text collate "C" not null,
    limit_to_role text collate "C" not null,
    json json not null,
    since bigint not null
);
create index on current (organization, created);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (organization, until, since);
