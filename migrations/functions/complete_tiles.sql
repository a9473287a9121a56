-- Stores the tiles that positions `after + 1` to `head` complete, at every level.
create or replace function log.complete_tiles(after bigint, head bigint) returns void language plpgsql as $$
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
