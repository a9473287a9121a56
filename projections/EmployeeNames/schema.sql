-- The words of employees' names, as `SearchText.words` gives them; searched by their beginnings within an organization.
create table current (
    employee uuid not null,
    word text collate "C" not null,
    organization uuid not null,
    since bigint not null,
    primary key (employee, word)
);
create index on current (organization, word);

create table past (like current, until bigint not null);
create index on past (organization, word);
create index on past (employee, until, since);
