# shellcheck shell=bash disable=SC2154 # bin/bench sets them
# What the sections of bin/bench share: a throw-away cluster and the service on it. bin/bench sets `directory` (the program)
# and `binaries` (the folder of Postgres's programs) before any of this is called.

work="" server=""

# Not from the folder of the source: the account of Postgres may not read it.
as_server() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

stop_service() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true
    server=""
}

remove_cluster() {
    stop_service
    as_server "$binaries/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work"
}

# A company as `directory import` reads it: 20,000 people hired, each of them but the first put under a manager of eight, then
# that many changes of their roles.
company() { # changes
    awk -v people=20000 -v changes="$1" 'BEGIN {
        for (n = 1; n <= people; n++)
            printf "{\"at\":\"2026-01-01T00:00:00Z\",\"op\":\"hire\",\"person\":\"p%d\"," \
                "\"name\":\"Alex Ramirez %d\",\"email\":\"p%d@example.com\",\"role\":\"Engineer\"}\n", n, n, n
        for (n = 2; n <= people; n++)
            printf "{\"at\":\"2026-01-01T00:00:00Z\",\"op\":\"set_manager\",\"person\":\"p%d\"," \
                "\"manager\":\"p%d\"}\n", n, int((n - 2) / 8) + 1
        for (n = 1; n <= changes; n++)
            printf "{\"at\":\"2026-01-02T00:00:00Z\",\"op\":\"role\",\"person\":\"p%d\"," \
                "\"role\":\"Engineer %d\"}\n", (n * 7919) % people + 1, n
    }'
}

# Starts a cluster with that much of shared buffers in a folder of its own; both are removed at exit.
start_cluster() { # shared buffers
    say "starting a cluster"
    work=$(mktemp -d /tmp/bench.XXXXXX)
    chmod 711 "$work"
    trap remove_cluster EXIT
    mkdir "$work/data" "$work/socket"
    [ "$(id -u)" != 0 ] || chown postgres "$work/data" "$work/socket"
    as_server "$binaries/initdb" -D "$work/data" -U directory --auth=trust --no-locale -E UTF8 >/dev/null
    as_server "$binaries/pg_ctl" -D "$work/data" -w -l "$work/data/server.log" -o "-k $work/socket \
-c listen_addresses='' -c shared_buffers=$1 -c max_wal_size=4GB -c max_connections=300 -c jit=off" start >/dev/null
    export PGHOST=$work/socket PGUSER=directory
    export DIRECTORY_KEYS=$work/keys DIRECTORY_LOG_LEVEL=warning
}

url() { echo "host=$work/socket user=directory dbname=$1"; }

sql() { "$binaries/psql" -qAtX -d "${2:-serve}" -c "$1"; }

# The schema of a read model: its name ends in the version of the model.
schema_of() { # read model, database
    local found
    found=$(sql "select nspname from pg_namespace where nspname ~ '^$1_v[0-9]+\$'" "${2:-serve}")
    [[ $found =~ ^$1_v[0-9]+$ ]] || fail "There is not exactly one schema of $1: $found"
    echo "$found"
}

is_ready() { [ -n "$port" ] && curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; }

# Serves a database (`serve`) on the free port that `port` then names.
start_service() { # database
    port=""
    : >"$work/serve.log"
    "$directory" serve --database-url "$(url "${1:-serve}")" --host 127.0.0.1 --port 0 --bootstrap-admin admin@example.com \
        >"$work/serve.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        port=$(sed -n 's|^ *address  *http://127\.0\.0\.1:\([0-9]*\)$|\1|p' "$work/serve.log")
        if is_ready || ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.1
    done
    is_ready || fail "The service is not ready. It says:" "$(cat "$work/serve.log")"
}

token() { "$directory" token --account "$1" --ttl 24h --database-url "$(url "${2:-serve}")"; } # email, database
