#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# Starts a PostgreSQL server; a replica without data first copies its primary. Runs as the user
# `postgres` in a read-only container.
set -euo pipefail
umask 077

say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2; }

: "${PGDATA:?}" "${SLIPWAY_NODE:?}"

# Each server has its own certificate; the configuration knows one place for all of them.
cp "/run/secrets/inside-tls-${SLIPWAY_NODE}-certificate" /run/postgresql/server.crt
cp "/run/secrets/inside-tls-${SLIPWAY_NODE}-key" /run/postgresql/server.key

# What pgBackRest must not read from a file that is committed.
mkdir -p /run/postgresql/pgbackrest /run/postgresql/lock /run/postgresql/spool
{
  printf '[global]\n'
  printf 'repo1-cipher-pass=%s\n' "$(<"/run/secrets/backup-cipher-key")"
  printf 'repo1-s3-key=%s\n' "$(<"/run/secrets/backup-s3-access-key")"
  printf 'repo1-s3-key-secret=%s\n' "$(<"/run/secrets/backup-s3-secret-key")"
} >/run/postgresql/pgbackrest/secrets.conf

if [[ -n ${SLIPWAY_FOLLOWS:-} ]]; then
  # The password file lives in memory only; PostgreSQL refuses one that others can read.
  printf '*:*:*:slipway_replication:%s\n' "$(<"/run/secrets/postgres-replication-password")" \
    >/run/postgresql/replication.pgpass
  connection="host=${SLIPWAY_FOLLOWS} port=5432 user=slipway_replication"
  connection+=" passfile=/run/postgresql/replication.pgpass application_name=${SLIPWAY_NODE}"
  connection+=" sslmode=verify-full sslrootcert=/run/secrets/inside-ca"
  slot=${SLIPWAY_NODE//-/_}

  if [[ ! -s ${PGDATA}/PG_VERSION ]]; then
    say "no data yet: copying ${SLIPWAY_FOLLOWS}"
    # A copy that was cut off is thrown away; only a whole one is put in place.
    copy=${PGDATA}.copy
    rm -rf "${copy}"
    until pg_basebackup --dbname "${connection}" --pgdata "${copy}" --wal-method stream \
      --checkpoint fast --slot "${slot}" --no-password; do
      say "${SLIPWAY_FOLLOWS} is not ready; trying again in 5 seconds"
      rm -rf "${copy}"
      sleep 5
    done
    rm -rf "${PGDATA}"
    mv "${copy}" "${PGDATA}"
    touch "${PGDATA}/standby.signal"
  fi

  set -- -c "primary_conninfo=${connection}" -c "primary_slot_name=${slot}" "$@"
fi

exec docker-entrypoint.sh postgres -c config_file=/etc/slipway/postgres/postgresql.conf "$@"
