# shellcheck shell=bash disable=SC2154 # bin/bench and common.sh set them
# How fast a log is verified and in how much memory, from the database and from an export of it, next to the time that
# sha256sum takes for the same export. Sourced by bin/bench.
install_program python3 python3
export PYTHONDONTWRITEBYTECODE=1

start_cluster 256MB
"$binaries/createdb" serve
DIRECTORY_DATABASE_URL=$(url serve)
export DIRECTORY_DATABASE_URL
"$directory" migrate >&2
say "importing $events events"
python3 Benchmarks/history.py $((events / 10 < 1000 ? 1000 : events / 10)) "$events" "$work/history.ndjson" >/dev/null
"$directory" import "$work/history.ndjson" --name Bench --owner owner@example.com >&2
rm "$work/history.ndjson"
sql "vacuum analyze"
say "exporting"
"$directory" export >"$work/export.ndjson"

say "verifying"
python3 Benchmarks/verify.py "$directory" "$work/export.ndjson" "$rounds"
