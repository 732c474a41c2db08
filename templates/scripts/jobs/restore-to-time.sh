: "${TARGET_TIME:?}"

data=$(restored)
[[ ! -e ${data} ]] || {
  echo "that moment was restored before; nothing is overwritten" >&2
  exit 1
}
# The server beside it must not run out of room.
room "$(sql postgres --command 'SELECT sum(pg_database_size(oid)) FROM pg_database')" {{DATA}} || {
  echo "there is no room beside the primary's data" >&2
  exit 1
}
mkdir -p "${data}.new"
archive restore --pg1-path="${data}.new" --type=time --target="${TARGET_TIME%Z}+00" \
  --target-action=promote \
  --recovery-option="restore_command=${fetching}" || {
  rm -rf "${data}.new"
  exit 1
}
mv "${data}.new" "${data}"
echo "restored to ${TARGET_TIME}; recovery goes on at the first start, and ends there"
