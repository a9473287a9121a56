# shellcheck shell=bash disable=SC2154 # bin/bench and common.sh set them
# How soon a change that another client makes is on the screen: the console in a real browser. Sourced by bin/bench.
# shellcheck source=bin/lib/python.sh
source bin/lib/python.sh
if [ -z "${DIRECTORY_CHROMIUM:-}" ]; then
    command -v chromium-browser >/dev/null || install_program chromium chromium
fi
make_virtual_environment .build/console/python Tests/Console/requirements.txt
export PYTHONDONTWRITEBYTECODE=1

start_cluster 256MB
"$binaries/createdb" serve
"$directory" migrate --database-url "$(url serve)" >&2
say "importing 20000 people"
company 0 >"$work/company.ndjson"
"$directory" import "$work/company.ndjson" --name Bench --owner owner@example.com --database-url "$(url serve)" >&2
start_service
BENCH_OWNER=$(token owner@example.com)
export BENCH_OWNER
say "measuring"
.build/console/python/bin/python Benchmarks/console.py "http://127.0.0.1:$port"
