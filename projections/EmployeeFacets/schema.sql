-- What employees are listed by, apart from the finished JSON, so that a list reads narrow rows that change seldom.
-- `created` is the position of the creating event, the order of lists; `direct_managers` counts the lines of type DIRECT.
create table current (
    employee uuid primary key,
    organization uuid not null,
    created bigint not null,
    status text collate "C" not null,
    type text collate "C" not null,
    email_key text collate "C",
    direct_managers bigint not null,
    since bigint not null
);
create index on current (organization, status, created);
create index on current (organization, type, status, created);
create index on current (organization, email_key);
create index on current (organization, created) where direct_managers = 0 and status = 'ACTIVE';

create table past (like current, until bigint not null);
create index on past (employee, since);
create index on past (organization, status, created, since, until);
create index on past (organization, type, status, created, since, until);
create index on past (organization, email_key);
create index on past (organization, created, since, until) where direct_managers = 0 and status = 'ACTIVE';
