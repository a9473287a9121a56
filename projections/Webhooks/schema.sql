-- Webhooks of organizations, as long as they exist. Their secrets, and how far deliveries are, are elsewhere.
-- `created` is the position of the creating event: an organization's webhooks are listed in this order.
create table current (
    id uuid primary key,
    organization uuid not null,
    created bigint not null,
    status text collate "C" not null,
    json json not null,
    since bigint not null
) with (fillfactor = 80);
create index on current (organization, created);

create table past (like current, until bigint not null);
create index on past (id, until, since);
create index on past (organization, until, since);
