#!/usr/bin/env bash
# Sourced by what needs servers: starts them as their services do. Inside scripts/stores-sandbox.

declare -A servers=()

# server NAME [FOLLOWS [VOLUME]]: the environment of the service, and the address that is its
# name's.
server() {
  local name=$1 address variables
  address=$(awk -v name="${name}" '$2 == name { print $1 }' /etc/hosts)
  variables=(
    PGDATA=/var/lib/postgresql/data/pgdata POSTGRES_DB=flowrex_prod POSTGRES_USER=postgres
    POSTGRES_INITDB_ARGS='--data-checksums --auth-host=scram-sha-256'
    POSTGRES_PASSWORD_FILE=/run/secrets/postgres-superuser-password "SLIPWAY_NODE=${name}"
    SLIPWAY_OWNER=flowrex SLIPWAY_READER=flowrex_reader SLIPWAY_REPLICAS='postgres-replica-1 postgres-replica-2'
    "SLIPWAY_FOLLOWS=${2-}"
  )
  # One network here, and little memory: nothing else is changed.
  container "${name}" "${3:-${name}}" -- env "${variables[@]}" bash /etc/slipway/postgres/start.sh \
    -c "listen_addresses=${address}" -c shared_buffers=32MB >>"/srv/${name}.log" 2>&1 &
  servers[${name}]=$!
}

# end NAME: as the engine ends a container, and waits.
end() {
  kill -INT "${servers[$1]}"
  wait "${servers[$1]}" || :
}

# await NAME: until it answers.
await() {
  local attempt
  for attempt in {1..300}; do
    ! pg_isready --quiet --host "$1" || return 0
    sleep 0.1
  done
  echo "'$1' did not start after ${attempt} attempts" >&2
  cat "/srv/$1.log" >&2
  return 1
}

# ask HOST USER DATABASE SQL: as a client of the cluster does, by password and certificate.
ask() {
  local secret
  case $2 in
    postgres) secret=postgres-superuser-password ;;
    flowrex) secret=database-password ;;
    flowrex_reader) secret=database-reader-password ;;
    slipway_exporter) secret=postgres-exporter-password ;;
    *) secret=postgres-replication-password ;;
  esac
  PGPASSWORD=$(<"/run/secrets/${secret}") PGSSLMODE=verify-full \
  PGSSLROOTCERT=/run/secrets/inside-ca psql --no-psqlrc --tuples-only --no-align --quiet \
    --set ON_ERROR_STOP=1 --host "$1" --username "$2" --dbname "$3" --command "$4" 2>&1
}
