-- What has been appended stays: triggers refuse to delete or truncate it. They refuse to update it too, but for erasure, of which
-- `refuse_all_but_erasure` judges.
create or replace function log.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'LG000';
end $$;

create or replace trigger append_only before delete on log.events
    for each row execute function log.refuse_change();
create or replace trigger never_truncated before truncate on log.events
    for each statement execute function log.refuse_change();
create or replace trigger append_only before update or delete on log.tiles
    for each row execute function log.refuse_change();
create or replace trigger never_truncated before truncate on log.tiles
    for each statement execute function log.refuse_change();
