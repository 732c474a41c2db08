#!/usr/bin/env bash
# Generated from environments/Production.swift by `make generate`. Edit the Swift, not this.
# What every job on the database begins with; put in front of each by the generator.
set -euo pipefail
umask 077

# Passwords go from file to file: none stands in an argument or in an environment.
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
printf '*:*:*:postgres:%s\n' "$(<'/run/secrets/postgres-superuser-password')" >"${work}/passwords"
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
    --stanza=flowrex-prod "$@"
}

# sql DATABASE [OPTION...]: runs what it reads, to its end or to its first error.
sql() {
  local name=$1
  shift
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "${name}" "$@"
}
: "${TARGET_TIME:?}"

data=/var/lib/postgresql/data/pgdata
[[ ! -e ${data} ]] || {
  echo "the volume is not empty; nothing is overwritten" >&2
  exit 1
}
mkdir -p "${data}"
# The server that starts on it reads the archive with its own settings, not with this container's.
fetching='pgbackrest --config=/etc/slipway/postgres/pgbackrest.conf --config-include-path=/run/postgresql/pgbackrest'
archive restore --pg1-path="${data}" --type=time --target="${TARGET_TIME%Z}+00" \
  --target-action=pause \
  --recovery-option="restore_command=${fetching} --stanza=flowrex-prod archive-get %f \"%p\""
echo "restored to ${TARGET_TIME}; recovery goes on at the first start, and pauses there"
