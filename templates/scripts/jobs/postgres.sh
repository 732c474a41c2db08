# What every job on the database begins with; put in front of each by the generator.
set -euo pipefail
umask 077

# Passwords go from file to file: none stands in an argument or in an environment.
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
printf '*:*:*:postgres:%s\n' "$(<'{{SECRETS}}/{{PASSWORD}}')" >"${work}/passwords"
export PGUSER=postgres PGPORT=5432 PGPASSFILE="${work}/passwords" PGSSLMODE={{TLS}}
export PGHOST=${PGHOST:-{{HOST}}}
{{#ENCRYPTED}}
export PGSSLROOTCERT={{AUTHORITY}}
{{/ENCRYPTED}}

mkdir "${work}/settings"
{
  printf '[global]\n'
  printf 'repo1-cipher-pass=%s\n' "$(<'{{SECRETS}}/{{CIPHER_KEY}}')"
  printf 'repo1-s3-key=%s\n' "$(<'{{SECRETS}}/{{ACCESS_KEY}}')"
  printf 'repo1-s3-key-secret=%s\n' "$(<'{{SECRETS}}/{{SECRET_KEY}}')"
} >"${work}/settings/secrets.conf"

# archive COMMAND [OPTION...]: pgBackRest, with this container's folders.
archive() {
  pgbackrest --config={{CONFIG}} --config-include-path="${work}/settings" \
    --stanza={{STANZA}} "$@"
}

# sql DATABASE [OPTION...]: runs what it reads, to its end or to its first error.
sql() {
  local name=$1
  shift
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "${name}" "$@"
}
