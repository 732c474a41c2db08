: "${BACKUP_NAME:?}"

fresh=${database}_restored

# Nobody comes back between the end of the last connection and the new name.
closed=no
finish() {
  [[ ${closed} == no ]] || sql postgres --set live="${database}" <<'SQL'
ALTER DATABASE :"live" ALLOW_CONNECTIONS true;
SQL
  # Exchanged, it has another name by now; half loaded, it is nobody's.
  drop "${fresh}"
  rm -rf "${work}"
}
trap finish EXIT
fetch "${BACKUP_NAME}"
load "${fresh}"
closed=yes
sql postgres --set live="${database}" --set fresh="${fresh}" \
  --set old="${database}_before_restore" --set reader={{READER}} <<'SQL'
DROP DATABASE IF EXISTS :"old" WITH (FORCE);
REVOKE ALL ON DATABASE :"fresh" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"fresh" TO :"reader";
ALTER DATABASE :"live" ALLOW_CONNECTIONS false;
SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
WHERE datname IN (:'live', :'fresh') AND pid <> pg_backend_pid();
-- Both names change in one transaction: there is a database of that name at every moment.
BEGIN;
ALTER DATABASE :"live" RENAME TO :"old";
ALTER DATABASE :"fresh" RENAME TO :"live";
COMMIT;
SQL
closed=no
echo "restored ${BACKUP_NAME}"
