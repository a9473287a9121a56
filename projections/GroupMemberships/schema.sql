-- Who is a member of which group. Memberships end, so past ones are indexed by both ends. `created` is the position of the
-- event by which the membership began: the order of lists, and in them its key.
create table current (
    member uuid not null,
    group_id uuid not null,
    kind text collate "C" not null,
    organization uuid not null,
    type text collate "C" not null,
    changed timestamptz not null,
    created bigint not null,
    json json not null,
    since bigint not null,
    primary key (member, group_id)
);
create index on current (created);
-- With what a walk looks at, which so reads no row.
create index on current (group_id, kind, created) include (since, member);
create index on current (group_id, type, kind, created) include (since, member);
create index on current (member, organization, created) include (since, group_id);

create table past (like current, until bigint not null);
create index on past (created, until, since);
create index on past (group_id, kind, created, since, until);
create index on past (group_id, type, kind, created, since, until);
create index on past (member, group_id, until, since);
create index on past (member, organization, until, since);

-- Even where all memberships of a sample are of one group or member, one is found by its ends: a planner that believed the sample
-- would read whole tables for each step of a walk.
alter table current alter column member set (n_distinct = -0.2), alter column group_id set (n_distinct = -0.01);
alter table past alter column member set (n_distinct = -0.2), alter column group_id set (n_distinct = -0.01);
