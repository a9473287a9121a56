# shellcheck shell=bash disable=SC2154 # bin/bench and common.sh set them
# The import and every list of a large organization, next to what psql does with the same rows. Sourced by bin/bench.
install_program python3 python3
export PYTHONDONTWRITEBYTECODE=1

start_cluster 512MB
"$binaries/createdb" serve
"$directory" migrate --database-url "$(url serve)" >&2
say "importing $people people, $events events"
python3 Benchmarks/history.py "$people" "$events" "$work/history.ndjson" >"$work/phases"
# In three runs, each of which goes on after the last line of the one before: moves and roles both begin with empty caches.
for phase in first-managers leavers roles; do
    head -n "$(sed -n "s/^$phase //p" "$work/phases")" "$work/history.ndjson" >"$work/part.ndjson"
    "$directory" import "$work/part.ndjson" --name Bench --owner owner@example.com --database-url "$(url serve)" >&2
done
rm "$work/history.ndjson" "$work/part.ndjson"

start_service
organization=$(sql "select id from $(schema_of organizations).current")
employees=$(schema_of employees)
BENCH_OWNER=$(token owner@example.com)
BENCH_ADMIN=$(token admin@example.com)
export BENCH_OWNER BENCH_ADMIN
say "making $accounts accounts with a grant each"
sql "select id from $employees.current where status = 'ACTIVE' order by id limit $((people / 100))" \
    | python3 Benchmarks/accounts.py "$port" "$organization" "$accounts" >"$work/accounts"
curl -sf -o /dev/null -H "Authorization: Bearer $BENCH_ADMIN" -H "Content-Type: application/json" \
    -d '{"name": "Elsewhere", "ownerEmail": "stranger@example.com"}' "http://127.0.0.1:$port/api/v1/organization"
BENCH_STRANGER=$(token stranger@example.com)
BENCH_TOKEN=$BENCH_OWNER BENCH_IDS=$work/ids BENCH_LOAD=$PWD/Benchmarks/load
export BENCH_STRANGER BENCH_TOKEN BENCH_IDS BENCH_LOAD
sql "select id from $employees.current where organization = '$organization' order by created" >"$BENCH_IDS"
say "making groups nested five deep, and $((people * 10 / 11)) memberships in them"
sql "select id from $employees.current where organization = '$organization' and status = 'ACTIVE' order by created \
    limit $((people * 10 / 11 + 1))" | python3 Benchmarks/groups.py "$port" >"$work/groups"
sql "vacuum analyze"
sql "checkpoint"

say "measuring"
python3 Benchmarks/lists.py --port "$port" --server "$server" --psql "$binaries/psql" --folder "$work" \
    --organization "$organization" --people "$people" --events "$events" --seconds "$seconds" --max-time "$max_time"
