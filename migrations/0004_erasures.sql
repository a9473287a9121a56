-- What the log has erased, so that the rest can follow in small transactions, and what remembers something can tell that it has to
-- forget. It says nothing that the events do not say.
create table log.erasures (
    stream uuid primary key,
    -- The position of the event that erased the stream.
    position bigint not null,
    -- Up to which position it has been erased where the requests came from that the stream itself made, as an account; null when
    -- that is done.
    origins_after bigint default 0
);
create index erasures_position on log.erasures (position);
create index erasures_unfinished on log.erasures (position) where origins_after is not null;
