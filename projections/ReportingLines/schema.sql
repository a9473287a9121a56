-- Lines from employees to managers, by their types. Lines end, so past ones are indexed by both ends.
create table current (
    employee uuid not null,
    manager uuid not null,
    type text collate "C" not null,
    since bigint not null,
    primary key (employee, manager)
);
create index on current (manager);

create table past (like current, until bigint not null);
create index on past (employee, until, since);
create index on past (manager, until, since);

-- Even where all lines of a sample are to one manager, a line is found by its ends: a planner that believed the sample would read
-- whole tables for each step of a walk.
alter table current alter column manager set (n_distinct = -0.05);
alter table past alter column employee set (n_distinct = -0.2), alter column manager set (n_distinct = -0.05);
