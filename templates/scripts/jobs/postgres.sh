# What every job on the database begins with; put in front of each by the generator.
set -euo pipefail
umask 077
secrets={{SECRETS}}
export PGUSER=postgres PGHOST={{HOST}} PGPORT=5432 PGSSLMODE={{TLS}}
{{#ENCRYPTED}}
export PGSSLROOTCERT={{AUTHORITY}}
{{/ENCRYPTED}}
PGPASSWORD=$(<"${secrets}/{{PASSWORD}}")
export PGPASSWORD
{{#ARCHIVED}}
mkdir -p /tmp/pgbackrest /tmp/lock /tmp/spool
{
  printf '[global]\n'
  printf 'repo1-cipher-pass=%s\n' "$(<"${secrets}/{{CIPHER_KEY}}")"
  printf 'repo1-s3-key=%s\n' "$(<"${secrets}/{{ACCESS_KEY}}")"
  printf 'repo1-s3-key-secret=%s\n' "$(<"${secrets}/{{SECRET_KEY}}")"
  printf 'lock-path=/tmp/lock\nspool-path=/tmp/spool\n'
} >/tmp/pgbackrest/secrets.conf
archive() {
  pgbackrest --config={{CONFIG}} --config-include-path=/tmp/pgbackrest --stanza={{STANZA}} "$@"
}
{{/ARCHIVED}}
export database={{DATABASE}}

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
