-- The event log: one table, one gap-free order, append-only; the Merkle tree's tiles beside it; and what guards them.

create schema log;

-- What there is one of. `generation` rises when read models are swapped, which empties every node's cache.
create table log.control (
    only_row boolean primary key default true check (only_row),
    log_id uuid not null default gen_random_uuid(),
    origin text collate "C",
    generation bigint not null default 1,
    -- Keyed fingerprints of the keys that belong to this log; a node with other keys refuses to start.
    key_fingerprint bytea
);
insert into log.control default values;

create table log.events (
    position bigint primary key,
    id uuid not null,
    type text collate "C" not null,
    schema smallint not null,
    organization uuid,
    stream uuid not null,
    stream_type text collate "C" not null,
    related uuid,
    data json,
    -- Erasable: what a client chose, and where the request came from. Their hashes are in the leaf, they are not.
    sealed json,
    sealed_salt bytea,
    sealed_hash bytea,
    actor uuid,
    actor_role text collate "C" not null,
    actor_key uuid,
    origin json,
    origin_salt bytea,
    origin_hash bytea,
    recorded_at timestamptz not null,
    effective_at timestamptz,
    causation bigint,
    -- RFC 6962: SHA-256(0x00 || entry). The leaf's index in the tree is position - 1.
    leaf_hash bytea not null
);
create index events_organization on log.events (organization, position);
create index events_stream on log.events (stream, position);
create index events_related on log.events (related, position) where related is not null;
create index events_actor on log.events (actor, position);

-- Each full run of 256 hashes of a level of the tree, written by the append that completes it, and the hash above it.
create table log.tiles (
    level smallint not null,
    index bigint not null,
    hashes bytea not null check (length(hashes) = 8192),
    root bytea not null,
    primary key (level, index)
);

-- Receipts of idempotent requests: neither in the log nor derived from it.
create table log.receipts (
    digest bytea primary key,
    fingerprint bytea not null,
    entity uuid not null,
    position bigint not null,
    recorded_at timestamptz not null
);
create index receipts_age on log.receipts (recorded_at);

-- Which version of each projection serves.
create table log.projections (
    name text collate "C" primary key,
    version integer not null
);

create function log.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'LG000';
end $$;
create trigger append_only before update or delete on log.events
    for each row execute function log.refuse_change();
create trigger never_truncated before truncate on log.events
    for each statement execute function log.refuse_change();
create trigger append_only before update or delete on log.tiles
    for each row execute function log.refuse_change();
create trigger never_truncated before truncate on log.tiles
    for each statement execute function log.refuse_change();

-- The one lock under which positions are given and read models are swapped: first come, first served over all nodes.
create function log.lock() returns void language sql volatile as $$
    select pg_advisory_xact_lock(7021966, 1)
$$;

-- The hash above 256 hashes of one level (RFC 6962, section 2.1): eight rounds of SHA-256(0x01 || left || right).
create function log.tile_root(hashes bytea) returns bytea language plpgsql immutable strict as $$
declare
    level bytea := hashes;
begin
    while length(level) > 32 loop
        level := (
            select string_agg(sha256('\x01'::bytea || substr(level, 1 + 64 * pair, 64)), '' order by pair)
            from generate_series(0, length(level) / 64 - 1) as pair
        );
    end loop;
    return level;
end $$;

-- Stores the tiles that positions `after + 1` to `head` complete, at every level.
create function log.complete_tiles(after bigint, head bigint) returns void language plpgsql as $$
declare
    done bigint := after / 256;
    full_tiles bigint := head / 256;
    height smallint := 0;
    tile bigint;
    run bytea;
begin
    while full_tiles > done loop
        for tile in done .. full_tiles - 1 loop
            if height = 0 then
                select string_agg(leaf_hash, '' order by position) into run from log.events
                where position > tile * 256 and position <= (tile + 1) * 256;
            else
                select string_agg(t.root, '' order by t.index) into run from log.tiles t
                where t.level = height - 1 and t.index >= tile * 256 and t.index < (tile + 1) * 256;
            end if;
            insert into log.tiles values (height, tile, run, log.tile_root(run));
        end loop;
        height := height + 1;
        done := done / 256;
        full_tiles := full_tiles / 256;
    end loop;
end $$;

-- Appends events behind position `after`, whose row's leaf hash must be `after_hash`, under the append lock. Each statement
-- of a volatile function has its own snapshot, so what follows the lock sees all that was committed before it was given.
-- Refusals: LG001 the generation has moved; LG002 the head has moved; LG003 the log is not the one that was known (it is
-- shorter, or another); LG004 the first event is not later than the head's; LG005 the clock was set back.
create function log.append(
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
    perform log.lock();
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
    if (after + count) / 256 > after / 256 then
        perform log.complete_tiles(after, after + count);
    end if;
    notify log;
    return clock_timestamp();
end $$;

-- The last position at or before an instant: a binary search, since recorded_at rises with position.
create function log.position_at(instant timestamptz) returns bigint language plpgsql stable as $$
declare
    low bigint := 0;
    high bigint := coalesce((select max(position) from log.events), 0);
    middle bigint;
begin
    while low < high loop
        middle := (low + high + 1) / 2;
        if (select recorded_at from log.events where position = middle) <= instant then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end $$;
