: "${REPLICA:?}"

export PGHOST=${REPLICA}
recovering() { sql postgres --command 'SELECT pg_is_in_recovery()'; }
[[ $(recovering) == t ]] || {
  echo "'${REPLICA}' is no replica" >&2
  exit 1
}
sql postgres --command 'SELECT pg_promote(true, 120)' >&2
[[ $(recovering) == f ]] || {
  echo "'${REPLICA}' still follows" >&2
  exit 1
}
echo "'${REPLICA}' accepts writes"
