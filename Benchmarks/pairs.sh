# shellcheck shell=bash disable=SC2154 # bin/bench and common.sh set them
# The CPU time that the service spends on a request, next to that of another build: both serve databases of their own on one
# cluster, and are loaded in turns. Sourced by bin/bench.

start_cluster 256MB
declare -A program=([this]=$directory [other]=$against) pid=() address=() bearer=()
servers=()
stop_all() {
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
    remove_cluster
}
trap stop_all EXIT
company 0 >"$work/people.ndjson"
for name in this other; do
    directory=${program[$name]}
    say "preparing the database of the $name build"
    "$binaries/createdb" "$name"
    "$directory" migrate --database-url "$(url "$name")" >&2
    "$directory" import "$work/people.ndjson" --name Bench --owner owner@example.com --database-url "$(url "$name")" >&2
    start_service "$name"
    servers+=("$server")
    pid[$name]=$server address[$name]=$port bearer[$name]=$(token owner@example.com "$name")
    employees=$(schema_of employees "$name")
    sql "select id from $employees.current order by created" "$name" >"$work/ids.$name"
    sql "vacuum analyze" "$name"
done
server=""
BENCH_LOAD=$PWD/Benchmarks/load
export BENCH_LOAD

# Microseconds of CPU, user and system, a request.
cpu() { # name load clients
    local before after threads=2
    [ "$3" -gt 1 ] || threads=1
    before=$(awk '{ print $14 + $15 }' "/proc/${pid[$1]}/stat")
    BENCH_TOKEN=${bearer[$1]} BENCH_IDS=$work/ids.$1 wrk -t$threads -c"$3" -d"${seconds}s" -s "Benchmarks/load/$2.lua" \
        "http://127.0.0.1:${address[$1]}" >"$work/wrk.out" || fail "wrk fails under the load $2."
    ! grep -E "Non-2xx|Socket errors" "$work/wrk.out" >&2 || fail "The load $2 met errors."
    after=$(awk '{ print $14 + $15 }' "/proc/${pid[$1]}/stat")
    awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" \
        '/requests in/ { printf "%.2f\n", ticks / hz / $1 * 1e6 }' "$work/wrk.out"
}

loads=("patch 1" "patch 8" "patch 64" "patch 256" "read 1" "read 32")
say "warming up"
for name in this other; do
    cpu "$name" patch 64 >/dev/null
    cpu "$name" read 32 >/dev/null
done
for ((pair = 1; pair <= rounds; pair++)); do
    say "pair $pair of $rounds"
    for load in "${loads[@]}"; do
        order=(this other)
        [ $((pair % 2)) = 0 ] || order=(other this)
        for name in "${order[@]}"; do
            # shellcheck disable=SC2086 # load and clients are two words
            cpu "$name" $load >>"$work/${load/ /.}.$name"
        done
    done
done

echo "| CPU a request, clients | this build, µs | the other, µs | ratio, median of $rounds pairs | range |"
echo "|---|---|---|---|---|"
at() { sort -g | awk -v at="$1" '{ v[NR] = $1 } END { printf "'"$2"'", v[at == "middle" ? int((NR + 1) / 2) : NR] }'; }
for load in "${loads[@]}"; do
    this=$work/${load/ /.}.this other=$work/${load/ /.}.other
    paste "$this" "$other" | awk '{ print $1 / $2 }' >"$work/ratios"
    printf '| %s | %s | %s | %s | %s to %s |\n' "$load" "$(at middle %.1f <"$this")" "$(at middle %.1f <"$other")" \
        "$(at middle %.3f <"$work/ratios")" "$(sort -g "$work/ratios" | head -n 1)" "$(at last %.3f <"$work/ratios")"
done
