
: "${BACKUP_NAME:?}"
scratch=verify_$(date -u +%Y%m%d%H%M%S)
dump=/tmp/${BACKUP_NAME}.dump
fetch "${BACKUP_NAME}" "${dump}"
clean() {
  dropdb --if-exists --force "${scratch}"
  rm -f "${dump}" "${dump}.json"
}
trap clean EXIT
createdb --template template0 "${scratch}"
pg_restore --exit-on-error --single-transaction --no-owner --dbname "${scratch}" "${dump}"
tables=$(counts "${scratch}" | sed -n '/./p' | wc -l)
[[ ${tables} -gt 0 ]] || {
  echo "the dump holds no table" >&2
  exit 1
}
printf 'tables %s\nverified %s\n' "${tables}" "${BACKUP_NAME}"
