: "${BACKUP_NAME:?}"

scratch=verify_$(date -u +%Y%m%d%H%M%S)
clean() {
  drop "${scratch}"
  rm -rf "${work}"
}
trap clean EXIT
fetch "${BACKUP_NAME}"
load "${scratch}"
printf 'tables %s\nverified %s\n' "$(wc -l <"${work}/found")" "${BACKUP_NAME}"
