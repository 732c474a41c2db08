#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# Starts a PostgreSQL server; a replica without data first copies its primary. Runs as the user
# `postgres` in a read-only container.
set -euo pipefail
umask 077

say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2; }

: "${PGDATA:?}" "${SLIPWAY_NODE:?}"

# Each server has its own certificate; the configuration knows one place for all of them.
# A server that starts again finds the last one's: a copy onto a file of mode 0400 would fail.
install -m 0600 "/run/secrets/inside-tls-${SLIPWAY_NODE}-certificate" /run/postgresql/server.crt
install -m 0600 "/run/secrets/inside-tls-${SLIPWAY_NODE}-key" /run/postgresql/server.key

# What pgBackRest must not read from a file that is committed.
mkdir -p /run/postgresql/pgbackrest /run/postgresql/lock /run/postgresql/spool
{
  printf '[global]\n'
  printf 'repo1-cipher-pass=%s\n' "$(<"/run/secrets/backup-cipher-key")"
  printf 'repo1-s3-key=%s\n' "$(<"/run/secrets/backup-s3-access-key")"
  printf 'repo1-s3-key-secret=%s\n' "$(<"/run/secrets/backup-s3-secret-key")"
} >/run/postgresql/pgbackrest/secrets.conf

# follow: what a replica needs in order to read its primary's log.
follow() {
  # The password file lives in memory only; `:` and `\` mean something in it.
  printf '*:*:*:slipway_replication:%s\n' \
    "$(sed 's/[:\\]/\\&/g' "/run/secrets/postgres-replication-password")" >/run/postgresql/replication.pgpass
  connection="host=${SLIPWAY_FOLLOWS} port=5432 user=slipway_replication"
  connection+=" passfile=/run/postgresql/replication.pgpass application_name=${SLIPWAY_NODE}"
  connection+=" sslmode=verify-full sslrootcert=/run/secrets/inside-ca"
  slot=${SLIPWAY_NODE//-/_}
}

# ensure_slot: a primary that was restored, or promoted, has no slots. One that exists is kept.
ensure_slot() {
  local answer
  answer=$(psql --no-psqlrc --no-password --quiet \
    --command "CREATE_REPLICATION_SLOT ${slot} PHYSICAL RESERVE_WAL" \
    "${connection} dbname=replication replication=true" 2>&1) || [[ ${answer} == *'already exists'* ]] || {
    say "${SLIPWAY_FOLLOWS} gives no slot yet: ${answer}"
    return 1
  }
}

# copy_primary: a copy that was cut off is thrown away; only a whole one, already marked as a
# replica's, is put in place. Data without that mark would start as a second primary.
copy_primary() {
  local copy=${PGDATA}.copy
  rm -rf "${copy}"
  ensure_slot && pg_basebackup --dbname "${connection}" --pgdata "${copy}" --wal-method stream \
    --checkpoint fast --slot "${slot}" --no-password || return 1
  touch "${copy}/standby.signal"
  rm -rf "${PGDATA}"
  mv "${copy}" "${PGDATA}"
}

# take_passwords: what the secrets say is what the server knows. A new version of a secret comes with
# a start, so this is where it takes effect; a server's first start is over when it listens.
take_passwords() {
  local ready="SELECT current_setting('listen_addresses') <> '' AND NOT pg_is_in_recovery()"
  local words=(psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1
    --username postgres --dbname postgres)
  until [[ $("${words[@]}" --command "${ready}" 2>/dev/null) == t ]]; do sleep 1; done
  "${words[@]}" --set owner="${SLIPWAY_OWNER:?}" --set reader="${SLIPWAY_READER:?}" <<'SQL'
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SET log_statement = 'none';
\set superuser_password `cat /run/secrets/postgres-superuser-password`
\set owner_password `cat /run/secrets/database-password`
\set reader_password `cat /run/secrets/database-reader-password`
\set replication_password `cat /run/secrets/postgres-replication-password`
\set exporter_password `cat /run/secrets/postgres-exporter-password`
BEGIN;
ALTER ROLE postgres PASSWORD :'superuser_password';
ALTER ROLE :"owner" PASSWORD :'owner_password';
ALTER ROLE :"reader" PASSWORD :'reader_password';
ALTER ROLE slipway_replication PASSWORD :'replication_password';
ALTER ROLE slipway_exporter PASSWORD :'exporter_password';
COMMIT;
SQL
}

# Names are roles, data is what it is: neither may be taken for the other.
if [[ -s ${PGDATA}/PG_VERSION ]]; then
  if [[ -z ${SLIPWAY_FOLLOWS:-} && -e ${PGDATA}/standby.signal ]]; then
    say "error: this is a replica's data; a replica becomes the primary by scripts/promote"
    exit 1
  elif [[ -n ${SLIPWAY_FOLLOWS:-} && ! -e ${PGDATA}/standby.signal ]]; then
    say "error: this is a primary's data; it gets a copy by scripts/rejoin ${SLIPWAY_NODE}"
    exit 1
  fi
fi

if [[ -n ${SLIPWAY_FOLLOWS:-} ]]; then
  follow
  if [[ ! -s ${PGDATA}/PG_VERSION ]]; then
    say "no data yet: copying ${SLIPWAY_FOLLOWS}"
    until copy_primary; do
      say "${SLIPWAY_FOLLOWS} is not ready; trying again in 5 seconds"
      sleep 5
    done
  else
    # Not a reason to stay down: a replica answers reads without its primary.
    ensure_slot || :
  fi
  set -- -c "primary_conninfo=${connection}" -c "primary_slot_name=${slot}" "$@"
  # What the primary no longer has, the archive has.
  archive='pgbackrest --config=/etc/slipway/postgres/pgbackrest.conf --config-include-path=/run/postgresql/pgbackrest'
  set -- -c "restore_command=${archive} --stanza=flowrex-staging archive-get %f \"%p\"" "$@"
else
  # The server inherits this child, and would take an odd end for the crash of one of its own.
  (take_passwords || say "error: the server does not know the passwords of its secrets") &
fi

exec docker-entrypoint.sh postgres -c config_file=/etc/slipway/postgres/postgresql.conf "$@"
