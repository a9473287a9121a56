-- All memberships of an entity in an organization, taken as one: `since` is the position of the last event that changed them.
create table current (
    member uuid not null,
    organization uuid not null,
    since bigint not null,
    primary key (member, organization)
) with (fillfactor = 80);

create table past (like current, until bigint not null);
create index on past (member, organization, until, since);
