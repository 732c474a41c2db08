#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# What every job on the database begins with; put in front of each by the generator.
set -euo pipefail
umask 077
secrets=/run/secrets
export PGUSER=postgres PGHOST=postgres-primary PGPORT=5432 PGSSLMODE=verify-full
export PGSSLROOTCERT=/run/secrets/inside-ca
PGPASSWORD=$(<"${secrets}/postgres-superuser-password")
export PGPASSWORD
mkdir -p /tmp/pgbackrest /tmp/lock /tmp/spool
{
  printf '[global]\n'
  printf 'repo1-cipher-pass=%s\n' "$(<"${secrets}/backup-cipher-key")"
  printf 'repo1-s3-key=%s\n' "$(<"${secrets}/backup-s3-access-key")"
  printf 'repo1-s3-key-secret=%s\n' "$(<"${secrets}/backup-s3-secret-key")"
  printf 'lock-path=/tmp/lock\nspool-path=/tmp/spool\n'
} >/tmp/pgbackrest/secrets.conf
archive() {
  pgbackrest --config=/etc/pgbackrest/pgbackrest.conf --config-include-path=/tmp/pgbackrest --stanza=flowrex-staging "$@"
}
export database=flowrex_staging

# One line a table, `schema.table count`, in a fixed order.
counts() {
  psql --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$1" <<'SQL'
SELECT format('SELECT %L || count(*) FROM %I.%I;', schemaname || '.' || tablename || ' ',
  schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
ORDER BY schemaname, tablename
\gexec
SQL
}

# fetch NAME FILE: a dump and its manifest out of the object store, whole or not at all.
fetch() {
  archive repo-get "logical/$1.json" >"$2.json"
  archive repo-get "logical/$1.dump" >"$2"
  local wanted found
  wanted=$(sed -n 's/.*"digest":"\([0-9a-f]\{64\}\)".*/\1/p' "$2.json")
  found=$(sha256sum "$2" | cut -d ' ' -f 1)
  [[ -n ${wanted} && ${wanted} == "${found}" ]] || {
    echo "the dump '$1' is not what was written: ${found}" >&2
    return 1
  }
}
: "${REPLICA:?}"
export PGHOST=${REPLICA}
[[ $(psql --no-psqlrc --tuples-only --no-align --dbname postgres \
  --command 'SELECT pg_is_in_recovery()') == t ]] || {
  echo "'${REPLICA}' is no replica" >&2
  exit 1
}
psql --no-psqlrc --set ON_ERROR_STOP=1 --dbname postgres --command 'SELECT pg_promote(true, 120)'
[[ $(psql --no-psqlrc --tuples-only --no-align --dbname postgres \
  --command 'SELECT pg_is_in_recovery()') == f ]]
echo "'${REPLICA}' accepts writes"
