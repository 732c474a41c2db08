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
: "${REPLICA:?}"

data=/var/lib/postgresql/data/pgdata
copy=${data}.copy aside=${data}.aside slot=${REPLICA//-/_}
[[ $(sql postgres --command 'SELECT pg_is_in_recovery()') == f ]] || {
  echo "there is no primary that could be copied" >&2
  exit 1
}
rm -rf "${copy}"
[[ ${DISCARD:-} != yes ]] || rm -rf "${data}" "${aside}"
room "$(sql postgres --command 'SELECT sum(pg_database_size(oid)) FROM pg_database')" /var/lib/postgresql/data || {
  echo "what is there and a copy have no room side by side: run it again with --discard" >&2
  exit 1
}
sql postgres --set slot="${slot}" <<'SQL'
SELECT pg_create_physical_replication_slot(:'slot', true)
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = :'slot');
SQL
printf '*:*:*:slipway_replication:%s\n' "$(password 'postgres-replication-password')" >>"${work}/passwords"
PGUSER=slipway_replication pg_basebackup --pgdata "${copy}" --wal-method stream \
  --checkpoint fast --slot "${slot}" --no-password
# Marked before it has the name that a server starts from.
touch "${copy}/standby.signal"
if [[ -e ${data} ]]; then
  rm -rf "${aside}"
  mv "${data}" "${aside}"
fi
mv "${copy}" "${data}"
echo "'${REPLICA}' has a copy"
