#!/usr/bin/env bash
# Does what the official image's entry point does when it is called by the user of the server: makes
# a data folder that is empty, runs what is to run once, and becomes the server.
set -euo pipefail

if [[ ! -s ${PGDATA:?}/PG_VERSION ]]; then
  mkdir -p "${PGDATA}"
  read -r -a options <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --username="${POSTGRES_USER:?}" --pwfile="${POSTGRES_PASSWORD_FILE:?}" \
    --auth-local=peer "${options[@]}" >/dev/null
  # Its own temporary server listens on the socket only, with the arguments of the real one.
  pg_ctl --wait --silent -o "$(printf '%q ' "${@:2}") -c listen_addresses=''" start >&2
  createdb --username "${POSTGRES_USER}" "${POSTGRES_DB:?}"
  for file in /docker-entrypoint-initdb.d/*; do
    # Executable files are run, others are sourced.
    # shellcheck source=/dev/null
    if [[ -x ${file} ]]; then "${file}"; else . "${file}"; fi
  done
  pg_ctl --wait --silent --mode fast stop
fi
exec "$@"
