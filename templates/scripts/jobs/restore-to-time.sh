
: "${TARGET_TIME:?}"

data={{DATA}}/pgdata
[[ ! -e ${data} ]] || {
  echo "the volume is not empty; nothing is overwritten" >&2
  exit 1
}
mkdir -p "${data}"
archive restore --pg1-path="${data}" --type=time --target="${TARGET_TIME%Z}+00" \
  --target-action=pause
echo "restored to ${TARGET_TIME}; recovery goes on at the first start, and pauses there"
