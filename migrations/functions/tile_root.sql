-- The hash above 256 hashes of one level (RFC 6962, section 2.1): eight rounds of SHA-256(0x01 || left || right).
create or replace function log.tile_root(hashes bytea) returns bytea language plpgsql immutable strict as $$
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
