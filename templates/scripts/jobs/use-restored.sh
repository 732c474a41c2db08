: "${ACTION:?}"

data={{DATA}}/pgdata before={{DATA}}/pgdata.before
case ${ACTION} in
  can-use | use)
    data_of_then=$(restored)
    [[ -s ${data_of_then}/PG_VERSION ]] || {
      echo "that moment was not restored: scripts/restore-to-time" >&2
      exit 1
    }
    [[ ! -e ${before} ]] || {
      echo "an earlier exchange is kept: scripts/use-restored --forget, or --back" >&2
      exit 1
    }
    if [[ ${ACTION} == use ]]; then
      mv "${data}" "${before}"
      mv "${data_of_then}" "${data}"
    fi
    ;;
  can-back | back)
    [[ -s ${before}/PG_VERSION ]] || {
      echo "nothing was exchanged before" >&2
      exit 1
    }
    if [[ ${ACTION} == back ]]; then
      rm -rf "${data}.given-up"
      mv "${data}" "${data}.given-up"
      mv "${before}" "${data}"
      # The archive knows a newer history by now, which every copy would look for. So this server
      # begins one of its own, from where it ended.
      touch "${data}/recovery.signal"
      printf "recovery_target_timeline = 'current'\nrestore_command = '%s'\n" "${fetching}" \
        >>"${data}/postgresql.auto.conf"
    fi
    ;;
  forget) rm -rf "${before}" "${data}.given-up" "${data}.aside" {{DATA}}/pgdata.restored-* ;;
  *)
    echo "'${ACTION}' is nothing that can be done" >&2
    exit 1
    ;;
esac
echo "${ACTION}: done"
