-- Roles of accounts in organizations. The zero UUID is the platform. When `employee` is deactivated
-- the grant ends.
create table current (
    account uuid not null,
    organization uuid not null,
    role text collate "C" not null,
    employee uuid,
    created bigint not null,
    json json not null,
    since bigint not null,
    primary key (account, organization, role)
);
create index on current (organization, role);
create index on current (account, role, organization);
create index on current (employee) where employee is not null;

create table past (like current, until bigint not null);
create index on past (account, until, since);
create index on past (organization, until, since);
