# Every file that the copies and the log consist of is read again and compared with its digest.
found=$(archive verify --output=text --verbose)
printf '%s\n' "${found}"
grep --quiet '^ *backup: .*status: valid' <<<"${found}" || {
  echo "there is no copy that is whole" >&2
  exit 1
}
if grep --quiet --extended-regexp 'status: (error|invalid)|(checksum|size) invalid: [1-9]' \
  <<<"${found}"; then
  echo "a copy or a piece of the log is not what was written" >&2
  exit 1
fi
echo "verified the copies"
