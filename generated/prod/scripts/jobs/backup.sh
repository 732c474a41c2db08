#!/usr/bin/env bash
# Generated from environments/Production.swift by `make generate`. Edit the Swift, not this.
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
  pgbackrest --config=/etc/pgbackrest/pgbackrest.conf --config-include-path=/tmp/pgbackrest --stanza=flowrex-prod "$@"
}
export database=flowrex_prod

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
: "${BACKUP_NAME:?}"
# A dump of one moment, and the counts of that same moment: both see one snapshot.
dump=/tmp/${BACKUP_NAME}.dump
coproc HOLD { psql --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "${database}"; }
printf '%s\n' 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;' 'SELECT pg_export_snapshot();' \
  >&"${HOLD[1]}"
snapshot=''
while [[ ! ${snapshot} =~ ^[0-9A-F]+-[0-9A-F]+-[0-9]+$ ]]; do
  IFS= read -r -t 30 snapshot <&"${HOLD[0]}" || exit 1
done
pg_dump --format custom --snapshot "${snapshot}" --dbname "${database}" --file "${dump}"
tables=$(PGOPTIONS='-c default_transaction_isolation=repeatable\ read' counts "${database}" |
  sha256sum | cut -d ' ' -f 1)
printf 'COMMIT;\n\\q\n' >&"${HOLD[1]}"
wait "${HOLD_PID:?}" || exit 1

# A dump that cannot be listed is none.
pg_restore --list "${dump}" >/dev/null
digest=$(sha256sum "${dump}" | cut -d ' ' -f 1)
bytes=$(stat --format %s "${dump}")
manifest=$(printf '{"name":"%s","digest":"%s","bytes":%s,"tables":"%s"}' \
  "${BACKUP_NAME}" "${digest}" "${bytes}" "${tables}")
archive repo-put "logical/${BACKUP_NAME}.dump" <"${dump}"
# The manifest comes last: a dump without one was cut off.
archive repo-put "logical/${BACKUP_NAME}.json" <<<"${manifest}"
rm -f "${dump}"
printf 'result %s\n' "${manifest}"
