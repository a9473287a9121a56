-- Erases what clients chose in the events of a stream before the one at `erased_at`, which must be of that stream and say that it
-- is erased (else LG006). Hashes stay, so every proof still holds. It is called in the transaction that has appended that event.
--
-- It runs with the rights of its owner: the service itself may not change events.
create or replace function log.erase(erased_stream uuid, erased_at bigint) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform from log.events where position = erased_at and stream = erased_stream and type like '%.erased';
    if not found then
        raise exception 'the event at % does not erase that stream', erased_at using errcode = 'LG006';
    end if;
    insert into log.erasures (stream, position) values (erased_stream, erased_at) on conflict (stream) do nothing;
    update log.events set sealed = null, sealed_salt = null
    where stream = erased_stream and position < erased_at and (sealed is not null or sealed_salt is not null);
end $$;
