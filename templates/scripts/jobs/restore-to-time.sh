: "${TARGET_TIME:?}"

data={{DATA}}/pgdata
[[ ! -e ${data} ]] || {
  echo "the volume is not empty; nothing is overwritten" >&2
  exit 1
}
mkdir -p "${data}"
# The server that starts on it reads the archive with its own settings, not with this container's.
fetching='pgbackrest --config={{SERVER_CONFIG}} --config-include-path=/run/postgresql/pgbackrest'
archive restore --pg1-path="${data}" --type=time --target="${TARGET_TIME%Z}+00" \
  --target-action=pause \
  --recovery-option="restore_command=${fetching} --stanza={{STANZA}} archive-get %f \"%p\""
echo "restored to ${TARGET_TIME}; recovery goes on at the first start, and pauses there"
