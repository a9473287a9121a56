# shellcheck shell=bash disable=SC2154 # bin/bench and common.sh set them
# The live feed: what idle streams cost in memory, how soon a change arrives, and what one event costs with many listeners.
# Sourced by bin/bench.
install_program python3 python3
export PYTHONDONTWRITEBYTECODE=1
ulimit -n "$(ulimit -Hn)"

start_cluster 256MB
"$binaries/createdb" serve
start_service
BENCH_ADMIN=$(token admin@example.com)
export BENCH_ADMIN
say "measuring"
postgres=$(head -n 1 "$work/data/postmaster.pid")
python3 Benchmarks/feed.py --port "$port" --server "$server" --postgres "$postgres" --streams "$streams"
