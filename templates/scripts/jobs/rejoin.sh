: "${REPLICA:?}"

data={{DATA}}/pgdata
copy=${data}.copy aside=${data}.aside slot=${REPLICA//-/_}
[[ $(sql postgres --command 'SELECT pg_is_in_recovery()') == f ]] || {
  echo "there is no primary that could be copied" >&2
  exit 1
}
rm -rf "${copy}"
[[ ${DISCARD:-} != yes ]] || rm -rf "${data}" "${aside}"
room "$(sql postgres --command 'SELECT sum(pg_database_size(oid)) FROM pg_database')" {{DATA}} || {
  echo "what is there and a copy have no room side by side: run it again with --discard" >&2
  exit 1
}
sql postgres --set slot="${slot}" <<'SQL'
SELECT pg_create_physical_replication_slot(:'slot', true)
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = :'slot');
SQL
printf '*:*:*:slipway_replication:%s\n' "$(password '{{REPLICATION_PASSWORD}}')" >>"${work}/passwords"
PGUSER=slipway_replication pg_basebackup --pgdata "${copy}" --wal-method stream \
  --checkpoint fast --slot "${slot}" --no-password
# Marked before it has the name that a server starts from.
touch "${copy}/standby.signal"
if [[ -e ${data} ]]; then
  rm -rf "${aside}"
  mv "${data}" "${aside}"
fi
mv "${copy}" "${data}"
echo "'${REPLICA}' has a copy"
