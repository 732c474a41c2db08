#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# What the scripts for the database of staging share. Sourced, never run by itself.
: "${state:?}" "${stack:?}"

# archive_settings: the engine's name of pgBackRest's settings in the release that runs.
archive_settings() {
  local found
  found=$(docker service inspect "${stack}_postgres-primary" | jq --raw-output \
    '.[0].Spec.TaskTemplate.ContainerSpec.Configs[]
      | select(.File.Name | endswith("/pgbackrest.conf")) | .ConfigName') || found=''
  [[ -n ${found} ]] || {
    say "the release that runs has no settings for pgBackRest"
    return 1
  }
  printf '%s' "${found}"
}

# database_job NAME [OPTION...]: runs scripts/jobs/NAME.sh with the image of the database that runs.
database_job() {
  local name=$1 database archive text
  shift
  database=$(image 'FLOWREX_POSTGRES_IMAGE') || return 1
  archive=$(archive_settings) || return 1
  text=$(job_text "${name}") || return 1
  give_secrets 999 <<'LIST'
flowrex-staging_postgres-superuser-password_v1 /run/secrets/postgres-superuser-password
flowrex-staging_backup-cipher-key_v1 /run/secrets/backup-cipher-key
flowrex-staging_backup-s3-access-key_v1 /run/secrets/backup-s3-access-key
flowrex-staging_backup-s3-secret-key_v1 /run/secrets/backup-s3-secret-key
flowrex-staging_inside-ca_v1 /run/secrets/inside-ca
LIST
  job "${name}" --user 999:999 --network "${stack}_data" --network "${stack}_outside" \
    --config "source=${archive},target=/etc/pgbackrest/pgbackrest.conf" \
    "$@" -- "${database}" bash -c "${text}"
}

# check_name NAME: what every backup is called, and nothing that means more to a program.
check_name() {
  [[ $1 =~ ^[a-z0-9][a-z0-9-]*-[0-9]{8}T[0-9]{6}Z$ ]] || die "'$1' is no name of a backup"
}
