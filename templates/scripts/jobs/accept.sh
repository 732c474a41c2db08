# Waits for the primary, which may have a log to replay, and gives every replica its slot: a server
# that was a replica has none.
deadline=$((SECONDS + ${WAIT:-300}))
until [[ $(sql postgres --command 'SELECT pg_is_in_recovery()' 2>"${work}/why") == f ]]; do
  ((SECONDS < deadline)) || {
    echo "the primary does not accept writes: $(tail -n 1 "${work}/why")" >&2
    exit 1
  }
  sleep 1
done
# What a restore told this server would be told to every copy of it, and stop its recovery.
sql postgres <<'SQL'
ALTER SYSTEM RESET recovery_target_time;
ALTER SYSTEM RESET recovery_target_action;
ALTER SYSTEM RESET recovery_target_timeline;
ALTER SYSTEM RESET restore_command;
SQL
for replica in ${SLOTS:-}; do
  sql postgres --set slot="${replica//-/_}" <<'SQL'
SELECT pg_create_physical_replication_slot(:'slot', true)
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = :'slot');
SQL
done
echo "the primary accepts writes"
