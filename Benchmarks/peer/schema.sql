-- The same durable work without the ordering: what a command costs Postgres when nothing assigns gap-free positions or
-- checks rules. The event row is the log's, with its four secondary indexes; current and past rows are the employees', whose
-- schema is the variable `employees`.
create schema peer;
create sequence peer.position;
create table peer.events (like log.events including defaults);
alter table peer.events alter column position set default nextval('peer.position'), add primary key (position);
create index on peer.events (organization, position);
create index on peer.events (stream, position);
create index on peer.events (related, position) where related is not null;
create index on peer.events (actor, position);

create table peer.bare (like log.events including defaults);
alter table peer.bare alter column position set default nextval('peer.position'), add primary key (position);

create table peer.current (like :"employees".current including all);
alter table peer.current set (fillfactor = 80);
create table peer.past (like :"employees".past including all);
insert into peer.current select * from :"employees".current;

-- What the service reads, under a name without a version, since pgbench cannot take one. A view costs a prepared plan nothing.
create view peer.employees as select * from :"employees".current;

-- pgbench draws numbers, not ids.
create table peer.ids (n integer primary key, id uuid not null);
insert into peer.ids select row_number() over (order by created) - 1, id from peer.current;
analyze;
