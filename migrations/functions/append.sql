-- Appends events after position `after`, whose row's leaf hash must be `after_hash`, under the append lock. Each statement
-- of a volatile function has its own snapshot, so what follows the lock sees all that was committed before it was granted.
-- Refusals: LG001 the generation has moved; LG002 the head has moved; LG003 the log is not the one that was known (it is
-- shorter, or another); LG004 the first event is not later than the head's; LG005 the clock was set back.
--
-- The lock is that of `log.lock`, taken without the function, which would be one more executor. A single event is inserted as
-- plain values: each unnested array is a table in memory of its own, and for one event those cost as much as all indexes.
create or replace function log.append(
    after bigint, after_hash bytea, known_generation bigint,
    ids uuid[], types text[], schemas smallint[], organizations uuid[], streams uuid[], stream_types text[],
    relateds uuid[], datas json[], sealeds json[], sealed_salts bytea[], sealed_hashes bytea[],
    actors uuid[], actor_roles text[], actor_keys uuid[], origins json[], origin_salts bytea[], origin_hashes bytea[],
    recorded_ats timestamptz[], effective_ats timestamptz[], causations bigint[], leaf_hashes bytea[]
) returns timestamptz language plpgsql as $$
declare
    head record;
    count bigint := coalesce(array_length(ids, 1), 0);
begin
    perform pg_advisory_xact_lock(7021966, 1);
    select c.generation, e.position, e.leaf_hash, e.recorded_at into head
    from log.control c
    left join (select position, leaf_hash, recorded_at from log.events order by position desc limit 1) e on true;
    if head.generation <> known_generation then
        raise exception 'the generation is %, not %', head.generation, known_generation using errcode = 'LG001';
    end if;
    if coalesce(head.position, 0) > after then
        raise exception 'the head is %, not %', head.position, after using errcode = 'LG002';
    end if;
    if coalesce(head.position, 0) < after or head.leaf_hash is distinct from after_hash then
        raise exception 'the event at % is not the one that was known', after using errcode = 'LG003';
    end if;
    if count = 0 then
        return clock_timestamp();
    end if;
    if recorded_ats[1] <= head.recorded_at then
        raise exception 'the first event is not later than the head' using errcode = 'LG004';
    end if;
    if recorded_ats[count] > clock_timestamp() + interval '1 second' then
        raise exception 'the clock was set back' using errcode = 'LG005';
    end if;
    if count = 1 then
        insert into log.events values (
            after + 1, ids[1], types[1], schemas[1], organizations[1], streams[1], stream_types[1], relateds[1], datas[1],
            sealeds[1], sealed_salts[1], sealed_hashes[1], actors[1], actor_roles[1], actor_keys[1], origins[1],
            origin_salts[1], origin_hashes[1], recorded_ats[1], effective_ats[1], causations[1], leaf_hashes[1]);
    else
        insert into log.events
        select after + ordinality, u.id, u.type, u.schema, u.organization, u.stream, u.stream_type, u.related, u.data,
            u.sealed, u.sealed_salt, u.sealed_hash, u.actor, u.actor_role, u.actor_key, u.origin, u.origin_salt,
            u.origin_hash, u.recorded_at, u.effective_at, u.causation, u.leaf_hash
        from unnest(ids, types, schemas, organizations, streams, stream_types, relateds, datas, sealeds, sealed_salts,
            sealed_hashes, actors, actor_roles, actor_keys, origins, origin_salts, origin_hashes, recorded_ats,
            effective_ats, causations, leaf_hashes)
            with ordinality as u(id, type, schema, organization, stream, stream_type, related, data, sealed, sealed_salt,
                sealed_hash, actor, actor_role, actor_key, origin, origin_salt, origin_hash, recorded_at, effective_at,
                causation, leaf_hash, ordinality);
    end if;
    if (after + count) / 256 > after / 256 then
        perform log.complete_tiles(after, after + count);
    end if;
    notify log;
    return clock_timestamp();
end $$;
