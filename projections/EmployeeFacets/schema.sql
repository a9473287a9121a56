-- What employees are listed by, apart from the finished JSON, so that a list reads narrow rows that change seldom.
-- `created` is the position of the creating event, the order of lists.
create table current (
    employee uuid not null,
    organization uuid not null,
    created bigint not null,
    status text collate "C" not null,
    type text collate "C" not null,
    email_key text collate "C",
    since bigint not null,
    primary key (employee) include (created)
);
create index on current (organization, status, created);
create index on current (organization, type, status, created);
create index on current (organization, email_key);

create table past (like current, until bigint not null);
create index on past (employee, until, since);
create index on past (organization, status, created, since, until);
create index on past (organization, type, status, created, since, until);
create index on past (organization, email_key);
