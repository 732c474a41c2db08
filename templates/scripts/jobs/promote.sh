: "${REPLICA:?}"

export PGHOST=${REPLICA}
recovering() { sql postgres --command 'SELECT pg_is_in_recovery()'; }
[[ $(recovering) == t ]] || {
  echo "'${REPLICA}' is no replica" >&2
  exit 1
}
# The one that has more of the log is promoted: the others can follow it, not it them.
has='greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())'
mine=$(sql postgres --command "SELECT ${has}")
for other in ${OTHERS:-}; do
  ahead=$(PGHOST=${other} PGCONNECT_TIMEOUT=5 sql postgres --command \
    "SELECT ${has} > '${mine}'") || {
    echo "'${other}' does not answer; it is not waited for" >&2
    continue
  }
  [[ ${ahead} == f ]] || {
    echo "'${other}' has more of the log than '${REPLICA}': promote that one" >&2
    exit 1
  }
done
sql postgres --command 'SELECT pg_promote(true, 120)' >&2
[[ $(recovering) == f ]] || {
  echo "'${REPLICA}' still follows" >&2
  exit 1
}
echo "'${REPLICA}' accepts writes"
