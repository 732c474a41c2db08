
: "${TARGET_TIME:?}"
data=/var/lib/postgresql/data/pgdata
[[ ! -e ${data} ]] || {
  echo "the volume is not empty; nothing is overwritten" >&2
  exit 1
}
archive --pg1-path="${data}" --type=time --target="${TARGET_TIME%Z}+00" --target-action=pause restore
echo "restored to ${TARGET_TIME}; recovery goes on at the first start, and pauses there"
