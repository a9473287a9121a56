-- The one lock under which positions are given and read models are swapped: first come, first served across all nodes.
-- Its numbers are `AdvisoryLock.append`.
create or replace function log.lock() returns void language sql volatile as $$
    select pg_advisory_xact_lock(7021966, 1)
$$;
