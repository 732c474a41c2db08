
: "${BACKUP_NAME:?}"
fresh=${database}_restored
dump=/tmp/${BACKUP_NAME}.dump
fetch "${BACKUP_NAME}" "${dump}"
dropdb --if-exists --force "${fresh}"
createdb --template template0 --owner "{{OWNER}}" "${fresh}"
pg_restore --exit-on-error --single-transaction --dbname "${fresh}" "${dump}"
[[ $(counts "${fresh}" | wc -l) -gt 0 ]] || {
  echo "the dump holds no table; nothing was swapped" >&2
  exit 1
}

# Both names change in one transaction: there is a database of that name at every moment.
psql --no-psqlrc --set ON_ERROR_STOP=1 --set live="${database}" --set fresh="${fresh}" \
  --set old="${database}_before_restore" --dbname postgres <<'SQL'
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname IN (:'live', :'fresh', :'old') AND pid <> pg_backend_pid();
DROP DATABASE IF EXISTS :"old";
BEGIN;
ALTER DATABASE :"live" RENAME TO :"old";
ALTER DATABASE :"fresh" RENAME TO :"live";
COMMIT;
SQL
rm -f "${dump}" "${dump}.json"
echo "restored ${BACKUP_NAME}"
