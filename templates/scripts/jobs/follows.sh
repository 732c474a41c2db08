: "${REPLICA:?}"

deadline=$((SECONDS + ${WAIT:-300}))
until [[ $(sql postgres --set name="${REPLICA}" <<<"SELECT count(*) FROM pg_stat_replication
  WHERE application_name = :'name' AND state = 'streaming'") == 1 ]]; do
  ((SECONDS < deadline)) || {
    echo "'${REPLICA}' does not follow" >&2
    exit 1
  }
  sleep 1
done
echo "'${REPLICA}' follows"
