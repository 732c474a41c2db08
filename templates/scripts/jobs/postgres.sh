# What every job on the database begins with; put in front of each by the generator.
set -euo pipefail
umask 077

# Passwords go from file to file: none stands in an argument or in an environment.
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
# password NAME: as a password file wants it; `:` and `\` mean something there.
password() { sed 's/[:\\]/\\&/g' "{{SECRETS}}/$1"; }
printf '*:*:*:postgres:%s\n' "$(password '{{PASSWORD}}')" >"${work}/passwords"
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

# restored: the folder of the server as it was at TARGET_TIME, beside the primary's data.
restored() {
  printf '{{DATA}}/pgdata.restored-%s' "$(printf '%s' "${TARGET_TIME:?}" |
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
fetching='pgbackrest --config={{SERVER_CONFIG}} --config-include-path=/run/postgresql/pgbackrest'
fetching+=' --stanza={{STANZA}} archive-get %f "%p"'
readonly fetching
