
: "${REPLICA:?}"
export PGHOST=${REPLICA}
[[ $(psql --no-psqlrc --tuples-only --no-align --dbname postgres \
  --command 'SELECT pg_is_in_recovery()') == t ]] || {
  echo "'${REPLICA}' is no replica" >&2
  exit 1
}
psql --no-psqlrc --set ON_ERROR_STOP=1 --dbname postgres --command 'SELECT pg_promote(true, 120)'
[[ $(psql --no-psqlrc --tuples-only --no-align --dbname postgres \
  --command 'SELECT pg_is_in_recovery()') == f ]]
echo "'${REPLICA}' accepts writes"
