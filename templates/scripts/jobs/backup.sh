: "${BACKUP_NAME:?}"

# One transaction: the counts are of the very moment that the dump is of. It waits for the dump,
# longer than the server lets others wait.
export DUMP=${work}/dump
sql "${database}" >"${work}/counts" <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = 0;
SELECT pg_export_snapshot() AS snapshot \\gset
\\setenv SNAPSHOT :snapshot
\\! pg_dump -Fc --snapshot "\$SNAPSHOT" -d "\$database" -f "\$DUMP" && touch "\$DUMP.whole"
${counting}
COMMIT;
SQL
[[ -e ${work}/dump.whole ]] || {
  echo "the database could not be dumped" >&2
  exit 1
}
[[ -s ${work}/counts ]] || {
  echo "the database holds no table: nothing that could be restored" >&2
  exit 1
}
# A dump that cannot be listed is none.
pg_restore --list "${work}/dump" >/dev/null

digest=$(digest_of "${work}/dump")
counts=$(digest_of "${work}/counts")
bytes=$(stat --format %s "${work}/dump")
tables=$(wc -l <"${work}/counts")
rows=$(awk '{ sum += $NF } END { printf "%.0f", sum }' "${work}/counts")
manifest=$(printf '{"name":"%s","digest":"%s","counts":"%s","bytes":%s,"tables":%s,"rows":%s}' \
  "${BACKUP_NAME}" "${digest}" "${counts}" "${bytes}" "${tables}" "${rows}")
put "${BACKUP_NAME}.dump" <"${work}/dump"
put "${BACKUP_NAME}.counts" <"${work}/counts"
# The manifest comes last: a dump without one was cut off.
put "${BACKUP_NAME}.json" <<<"${manifest}"

# Only now, and only what is certainly ours: older than the retention, but never the newest seven.
limit=$(date -u --date '{{KEEP_DAYS}} days ago' +%Y%m%dT%H%M%SZ)
archive repo-ls logical | sed -nE 's/^([a-z0-9-]+-([0-9]{8}T[0-9]{6}Z))\.json$/\2 \1/p' | sort |
  head --lines -7 | while read -r stamp name; do
  [[ ${stamp} < ${limit} ]] || continue
  # The manifest first: what is half removed is no backup any more.
  for part in json counts dump; do archive repo-rm "logical/${name}.${part}"; done
  echo "removed ${name}"
done
printf 'result %s\n' "${manifest}"
