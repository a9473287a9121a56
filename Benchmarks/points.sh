# shellcheck shell=bash disable=SC2154 # bin/bench and common.sh set them
# Mutations, reads by id and the rebuild, next to the same durable work done by Postgres alone. Sourced by bin/bench.

start_cluster 256MB
for database in serve rebuild; do "$binaries/createdb" "$database"; done
say "importing 20,000 employees"
company 0 >"$work/people.ndjson"
"$directory" migrate --database-url "$(url serve)" >&2
"$directory" import "$work/people.ndjson" --name Bench --owner owner@example.com --database-url "$(url serve)" >&2
start_service
BENCH_TOKEN=$(token owner@example.com)
BENCH_IDS=$work/ids BENCH_LOAD=$PWD/Benchmarks/load
export BENCH_TOKEN BENCH_IDS BENCH_LOAD
employees=$(schema_of employees)
sql "select id from $employees.current order by created" >"$BENCH_IDS"
"$binaries/psql" -qX -d serve -v ON_ERROR_STOP=1 -v employees="$employees" -f Benchmarks/peer/schema.sql >/dev/null
sql "vacuum analyze"
sql "checkpoint"

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# wrk's rate and latencies in milliseconds: "rate p50 p99"; says so where an answer was not a success.
load() { # script clients
    local threads=2
    [ "$2" -gt 1 ] || threads=1
    wrk -t$threads -c"$2" -d"${seconds}s" --latency -s "Benchmarks/load/$1.lua" "http://127.0.0.1:$port" \
        >"$work/wrk.out" || fail "wrk fails under the load $1."
    ! grep -E "Non-2xx|Socket errors" "$work/wrk.out" >&2 || fail "The load $1 met errors."
    awk 'function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
        /Requests\/sec/ { rate = $2 } $1 == "50%" { p50 = ms($2) } $1 == "99%" { p99 = ms($2) }
        END { printf "%s %.2f %.2f\n", rate, p50, p99 }' "$work/wrk.out"
}
peer() { # script clients
    local threads=2
    [ "$2" -gt 1 ] || threads=1
    "$binaries/pgbench" -n -M prepared -f "Benchmarks/peer/$1.sql" -c "$2" -j $threads -T "$seconds" serve \
        >"$work/pgbench.out" 2>"$work/pgbench.err" || fail "pgbench fails under $1.sql:" "$(cat "$work/pgbench.err")"
    awk '/^tps/ { print $3 }' "$work/pgbench.out"
}

# Until nearly all employees are in the caches of node and database: the peer's rows are there from the start.
say "warming up"
asked=$seconds seconds=15
load patch 64 >/dev/null
load read 32 >/dev/null
seconds=$asked
for ((round = 1; round <= rounds; round++)); do
    for clients in 1 8 64 256; do
        say "round $round of $rounds: mutations, $clients clients"
        load patch $clients >>"$work/patch.$clients"
        peer same-work $clients >>"$work/same-work.$clients"
        peer bare-insert $clients >>"$work/bare-insert.$clients"
    done
    for clients in 1 32; do
        say "round $round of $rounds: reads, $clients clients"
        load read $clients >>"$work/read.$clients"
        load healthz $clients >>"$work/healthz.$clients"
        peer read $clients >>"$work/select.$clients"
    done
done
peak=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$server/status")
stop_service

say "importing 200,000 events to rebuild from"
company 160000 >"$work/changes.ndjson"
"$directory" migrate --database-url "$(url rebuild)" >&2
"$directory" import "$work/changes.ndjson" --name Bench --owner owner@example.com --database-url "$(url rebuild)" >&2
say "rebuilding"
"$directory" rebuild --database-url "$(url rebuild)" >"$work/rebuild.out"

rate() { cut -d' ' -f1 "$work/$1.$2" | median; }
latency() { awk -v c="$3" '{ print $c }' "$work/$1.$2" | median; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

echo
echo "| mutations/s, clients | directory | p50, ms | p99, ms | same work without the order | ratio | bare INSERT | ratio |"
echo "|---|---|---|---|---|---|---|---|"
for clients in 1 8 64 256; do
    ours=$(rate patch $clients) same=$(rate same-work $clients) bare=$(rate bare-insert $clients)
    printf '| %s | %.0f | %s | %s | %.0f | %s | %.0f | %s |\n' $clients "$ours" "$(latency patch $clients 2)" \
        "$(latency patch $clients 3)" "$same" "$(ratio "$ours" "$same")" "$bare" "$(ratio "$ours" "$bare")"
done
echo
echo "| reads/s by id, clients | directory | p50, ms | p99, ms | /healthz | ratio | prepared SELECT | ratio |"
echo "|---|---|---|---|---|---|---|---|"
for clients in 1 32; do
    ours=$(rate read $clients) health=$(rate healthz $clients) select=$(rate select $clients)
    printf '| %s | %.0f | %s | %s | %.0f | %s | %.0f | %s |\n' $clients "$ours" "$(latency read $clients 2)" \
        "$(latency read $clients 3)" "$health" "$(ratio "$ours" "$health")" "$select" "$(ratio "$ours" "$select")"
done
echo
echo "Mutations at 256 clients to those at 64: $(ratio "$(rate patch 256)" "$(rate patch 64)")."
echo "Peak resident memory of the service: $peak MiB."
echo "Rebuild: $(tail -1 "$work/rebuild.out")"
