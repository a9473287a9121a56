# shellcheck shell=bash
# A service with a Postgres of its own, as bin/run starts it. Sourced by the scripts in bin/; needs bin/lib/install.sh.

# What bin/run starts a service with, besides the place of its data.
readonly service_arguments=(--bootstrap-admin admin@directory.localhost --demo)

# Starts program $1 on a free port, with its data in folder $2, and sets `service_address` and `service_token`.
# `stop_service` must be called when it is done with.
start_service() {
    service_output=$2/output
    "$1" serve --data-dir "$2/data" --port 0 "${service_arguments[@]}" >"$service_output" 2>"$2/log" &
    service_process=$!
    local left=600
    until grep -q Ctrl-C "$service_output"; do
        kill -0 "$service_process" 2>/dev/null || fail "The service has ended:" "$(tail -n 20 "$2/log")"
        [ "$left" -gt 0 ] || fail "The service is not ready after two minutes:" "$(tail -n 20 "$2/log")"
        left=$((left - 1))
        sleep 0.2
    done
    # shellcheck disable=SC2034 # for those who start it
    service_address=$(sed -n 's/^  address  *//p' "$service_output") service_token=$(sed -n 's/^  token  *//p' "$service_output")
}

stop_service() {
    [ -n "${service_process:-}" ] || return 0
    kill "$service_process" 2>/dev/null || true
    wait "$service_process" || true
    service_process=""
}
