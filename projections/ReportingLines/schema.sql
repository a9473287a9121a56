-- Who reports to whom, by a line of which type. Lines end, so past ones are indexed by both ends.
create table current (
    employee uuid not null,
    manager uuid not null,
    type text collate "C" not null,
    since bigint not null,
    primary key (employee, manager)
);
create index on current (manager);

create table past (like current, until bigint not null);
create index on past (employee, since);
create index on past (manager, since);
