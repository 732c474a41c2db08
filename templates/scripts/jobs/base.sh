: "${BACKUP_KIND:?}"

# Does nothing if it was done before. The data is this container's, the server another's: it is
# reached as every client reaches it.
archive stanza-create
archive backup --type="${BACKUP_KIND}"
# The way from the server to the store: a piece of the log is sent, and waited for.
archive check

# Of the newest copy, which comes last: what it added to the store.
bytes=$(archive info --output=json |
  sed -E 's/.*"repository":\{"delta":([0-9]+).*/\1/')
printf 'result {"kind":"%s","bytes":%s}\n' "${BACKUP_KIND}" "${bytes}"
