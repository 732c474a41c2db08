#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# What every job on the database begins with; put in front of each by the generator.
set -euo pipefail
umask 077

# Passwords go from file to file: none stands in an argument or in an environment.
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
# password NAME: as a password file wants it; `:` and `\` mean something there.
password() { sed 's/[:\\]/\\&/g' "/run/secrets/$1"; }
printf '*:*:*:postgres:%s\n' "$(password 'postgres-superuser-password')" >"${work}/passwords"
export PGUSER=postgres PGPORT=5432 PGPASSFILE="${work}/passwords" PGSSLMODE=verify-full
export PGHOST=${PGHOST:-postgres-primary}
export PGSSLROOTCERT=/run/secrets/inside-ca

mkdir "${work}/settings"
{
  printf '[global]\n'
  printf 'repo1-cipher-pass=%s\n' "$(<'/run/secrets/backup-cipher-key')"
  printf 'repo1-s3-key=%s\n' "$(<'/run/secrets/backup-s3-access-key')"
  printf 'repo1-s3-key-secret=%s\n' "$(<'/run/secrets/backup-s3-secret-key')"
} >"${work}/settings/secrets.conf"

# archive COMMAND [OPTION...]: pgBackRest, with this container's folders.
archive() {
  pgbackrest --config=/etc/pgbackrest/pgbackrest.conf --config-include-path="${work}/settings" \
    --stanza=flowrex-staging "$@"
}

# sql DATABASE [OPTION...]: runs what it reads, to its end or to its first error.
sql() {
  local name=$1
  shift
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "${name}" "$@"
}

# restored: the folder of the server as it was at TARGET_TIME, beside the primary's data.
restored() {
  printf '/var/lib/postgresql/data/pgdata.restored-%s' "$(printf '%s' "${TARGET_TIME:?}" |
    tr --complement --delete '0-9')"
}

# room BYTES FOLDER: whether that many fit, and a tenth more.
room() {
  local free
  free=$(df --output=avail --block-size=1 "$2" | tail -n 1)
  ((free > $1 + $1 / 10))
}

# The server that starts on a restored folder reads the archive with its own settings, not with this
# container's.
fetching='pgbackrest --config=/etc/slipway/postgres/pgbackrest.conf --config-include-path=/run/postgresql/pgbackrest'
fetching+=' --stanza=flowrex-staging archive-get %f "%p"'
readonly fetching
export database=flowrex_staging

# put NAME, get NAME: one object, encrypted with the archive's own key. To read what is no part of
# the archive proper, pgBackRest wants to be told that key once more.
put() { archive repo-put "logical/$1"; }
get() {
  PGBACKREST_CIPHER_PASS=$(<'/run/secrets/backup-cipher-key') archive repo-get "logical/$1"
}

# One line a table, `schema.table count`, in an order that no locale changes.
readonly counting="SELECT format('SELECT %L || count(*) FROM %I.%I;',
    format('%I.%I ', schemaname, tablename), schemaname, tablename)
  FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY (schemaname || '.' || tablename) COLLATE \"C\" \\gexec"

digest_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# manifest_value FIELD FILE: our own manifest is one line of plain text and digits.
manifest_value() { sed -n "s/.*\"$1\":\"\\([0-9a-z-]*\\)\".*/\\1/p" "$2"; }

# fetch NAME: a dump, its counts and its manifest, whole or not at all.
fetch() {
  local part
  for part in json counts dump; do
    get "$1.${part}" >"${work}/${part}"
  done
  [[ $(manifest_value digest "${work}/json") == "$(digest_of "${work}/dump")" ]] &&
    [[ $(manifest_value counts "${work}/json") == "$(digest_of "${work}/counts")" ]] || {
    echo "the dump '$1' is not what was written" >&2
    return 1
  }
}

# drop DATABASE: if it is there, and without a word if it is not.
drop() {
  PGOPTIONS='-c client_min_messages=warning' dropdb --if-exists --force "$1" ||
    echo "the database '$1' is left behind" >&2
}

# load DATABASE: the fetched dump into a new database, all or nothing, and compared.
load() {
  [[ -s ${work}/counts ]] || {
    echo "the dump holds no table" >&2
    return 1
  }
  drop "$1"
  createdb --template template0 --owner "flowrex" "$1"
  pg_restore --exit-on-error --single-transaction --dbname "$1" "${work}/dump"
  sql "$1" <<<"${counting}" >"${work}/found"
  diff --unified "${work}/counts" "${work}/found" >&2 || {
    echo "what was restored is not what was dumped" >&2
    return 1
  }
}
: "${BACKUP_NAME:?}"

# One transaction: the counts are of the very moment that the dump is of. It waits for the dump,
# longer than the server lets others wait.
export DUMP=${work}/dump
sql "${database}" >"${work}/counts" <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = 0;
SELECT pg_export_snapshot() AS snapshot \\gset
\\setenv SNAPSHOT :snapshot
\\! pg_dump -Fc --snapshot "\$SNAPSHOT" -d "\$database" -f "\$DUMP" && touch "\$DUMP.whole"
${counting}
COMMIT;
SQL
[[ -e ${work}/dump.whole ]] || {
  echo "the database could not be dumped" >&2
  exit 1
}
[[ -s ${work}/counts ]] || {
  echo "the database holds no table: nothing that could be restored" >&2
  exit 1
}
# A dump that cannot be listed is none.
pg_restore --list "${work}/dump" >/dev/null

digest=$(digest_of "${work}/dump")
counts=$(digest_of "${work}/counts")
bytes=$(stat --format %s "${work}/dump")
tables=$(wc -l <"${work}/counts")
rows=$(awk '{ sum += $NF } END { printf "%.0f", sum }' "${work}/counts")
manifest=$(printf '{"name":"%s","digest":"%s","counts":"%s","bytes":%s,"tables":%s,"rows":%s}' \
  "${BACKUP_NAME}" "${digest}" "${counts}" "${bytes}" "${tables}" "${rows}")
put "${BACKUP_NAME}.dump" <"${work}/dump"
put "${BACKUP_NAME}.counts" <"${work}/counts"
# The manifest comes last: a dump without one was cut off.
put "${BACKUP_NAME}.json" <<<"${manifest}"

# Only now, and only what is certainly ours: older than the retention, but never the newest seven.
limit=$(date -u --date '14 days ago' +%Y%m%dT%H%M%SZ)
archive repo-ls logical | sed -nE 's/^([a-z0-9-]+-([0-9]{8}T[0-9]{6}Z))\.json$/\2 \1/p' | sort |
  head --lines -7 | while read -r stamp name; do
  [[ ${stamp} < ${limit} ]] || continue
  # The manifest first: what is half removed is no backup any more.
  for part in json counts dump; do archive repo-rm "logical/${name}.${part}"; done
  echo "removed ${name}"
done
printf 'result %s\n' "${manifest}"
