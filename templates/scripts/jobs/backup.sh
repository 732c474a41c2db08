
: "${BACKUP_NAME:?}"
# A dump of one moment, and the counts of that same moment: both see one snapshot.
dump=/tmp/${BACKUP_NAME}.dump
coproc HOLD { psql --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "${database}"; }
printf '%s\n' 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;' 'SELECT pg_export_snapshot();' \
  >&"${HOLD[1]}"
snapshot=''
while [[ ! ${snapshot} =~ ^[0-9A-F]+-[0-9A-F]+-[0-9]+$ ]]; do
  IFS= read -r -t 30 snapshot <&"${HOLD[0]}" || exit 1
done
pg_dump --format custom --snapshot "${snapshot}" --dbname "${database}" --file "${dump}"
tables=$(PGOPTIONS='-c default_transaction_isolation=repeatable\ read' counts "${database}" |
  sha256sum | cut -d ' ' -f 1)
printf 'COMMIT;\n\\q\n' >&"${HOLD[1]}"
wait "${HOLD_PID:?}" || exit 1

# A dump that cannot be listed is none.
pg_restore --list "${dump}" >/dev/null
digest=$(sha256sum "${dump}" | cut -d ' ' -f 1)
bytes=$(stat --format %s "${dump}")
manifest=$(printf '{"name":"%s","digest":"%s","bytes":%s,"tables":"%s"}' \
  "${BACKUP_NAME}" "${digest}" "${bytes}" "${tables}")
archive repo-put "logical/${BACKUP_NAME}.dump" <"${dump}"
# The manifest comes last: a dump without one was cut off.
archive repo-put "logical/${BACKUP_NAME}.json" <<<"${manifest}"
rm -f "${dump}"
printf 'result %s\n' "${manifest}"
