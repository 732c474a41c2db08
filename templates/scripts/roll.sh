#!/usr/bin/env bash
# How a release is put in place and judged. Sourced by deploy and rollback, never run by itself.

: "${generated:?}" "${environment:?}" "${stack:?}" "${state:?}" "${as_json:?}"

readonly ours=(
{{#SERVICES}}
  '{{NAME}}'
{{/SERVICES}}
)

# service_names: every service of the stack.
services() {
  docker service ls --filter "label=com.docker.stack.namespace=${stack}" --format "${as_json}"
}

# roll FOLDER: hands the files to the engine and waits for its verdict. `stack deploy` says yes
# even after it went back, so each service is asked. (F3)
roll() {
  local folder=$1
  (cd "${folder}" && docker stack deploy --detach=true --prune --with-registry-auth \
    --compose-file docker-compose.yml "${stack}") >&2 || return 1
  settle
}

# settle: until every service runs all its replicas and none is being replaced.
settle() {
  local deadline=$((SECONDS + ${SLIPWAY_ROLL_SECONDS:-1200})) waiting name status
  while ((SECONDS < deadline)); do
    waiting=$(services | jq --raw-output \
      'select((.Replicas | split(" ")[0] | split("/")) as $n | $n[0] != $n[1] or $n[1] == "0")
       | .Name')
    for name in "${ours[@]}"; do
      status=$(docker service inspect "${stack}_${name}" | jq --raw-output \
        '.[0].UpdateStatus.State // "none"')
      case ${status} in
        rollback_* | paused)
          say "the engine took '${name}' back: ${status}"
          return 1
          ;;
        updating) waiting+=" ${name}" ;;
        *) ;;
      esac
    done
    [[ -n ${waiting// /} ]] || return 0
    sleep "${SLIPWAY_POLL:-2}"
  done
  say "still not running in time: ${waiting//$'\n'/ }"
  return 1
}

# check_images RECORD: what runs is what the record names, digest by digest.
check_images() {
  local record=$1 name variable running wanted
  while IFS=' ' read -r name variable; do
    running=$(docker service inspect "${stack}_${name}" | jq --raw-output \
      '.[0].Spec.TaskTemplate.ContainerSpec.Image')
    wanted=$(jq --raw-output --arg name "${variable}" '.images[$name]' "${record}")
    if [[ ${running#*@} != "${wanted#*@}" ]]; then
      say "'${name}' runs ${running}, not ${wanted}"
      return 1
    fi
  done <<'LIST'
{{#SERVICES}}
{{NAME}} {{VARIABLE}}
{{/SERVICES}}
LIST
}

# verify: every edge node answers for itself, not one for all. (C-33)
verify() {
{{#HAS_EDGE}}
  if [[ ! -e ${state}/certificate ]]; then
    say "there is no certificate yet: run scripts/certificate issue"
    return 0
  fi
  local node address nodes=(
{{#EDGES}}
    '{{NODE}}'
{{/EDGES}}
  )
  for node in "${nodes[@]}"; do
    address=$(docker node inspect "${node}" | jq --raw-output '.[0].Status.Addr')
    curl --fail --silent --show-error --output /dev/null --max-time 10 --retry 6 --retry-delay 5 \
      --retry-all-errors --resolve "{{API}}:443:${address}" "https://{{API}}{{HEALTH}}" || {
      say "'${node}' does not answer for {{API}}"
      return 1
    }
  done
{{/HAS_EDGE}}
{{^HAS_EDGE}}
  say "nothing is reached from outside; the health of every replica was the proof"
{{/HAS_EDGE}}
}

# remember RECORD: the release and its files, so that a way back exists before it is needed.
remember() {
  local record=$1 commit folder
  commit=$(jq --raw-output .commit "${record}")
  folder=${state}/releases/${commit}
  rm -rf "${folder}.new"
  mkdir -p "${folder}.new"
  cp --recursive "${generated}/." "${folder}.new"
  cp "${record}" "${folder}.new/release.json"
  rm -rf "${folder}"
  mv "${folder}.new" "${folder}"
  if [[ -s ${state}/current.json ]] && ! cmp --silent "${record}" "${state}/current.json"; then
    write "${state}/previous.json" <"${state}/current.json"
  fi
  write "${state}/current.json" <"${record}"
  measure '{{RELEASE_METRIC}}' "$(date +%s)"
}

# go_back: the recorded release, all of it; never the data. (C-52)
go_back() {
  [[ -s ${state}/current.json ]] || {
    say "there is no release to go back to"
    return 1
  }
  local commit
  commit=$(jq --raw-output .commit "${state}/current.json")
  say "going back to ${commit:0:12}"
  take_images "${state}/current.json"
  roll "${state}/releases/${commit}" && check_images "${state}/current.json"
}

# prune: what neither this release nor the one before it mentions. Runs only after verification.
prune() {
  local keep=() file name
  for file in current previous; do
    [[ -s ${state}/${file}.json ]] || continue
    keep+=("${state}/releases/$(jq --raw-output .commit "${state}/${file}.json")")
  done
  for name in $(docker config ls --filter "label=com.docker.stack.namespace=${stack}" \
    --format "${as_json}" | jq --raw-output .Name); do
    grep --quiet --recursive --fixed-strings --word-regexp "${name}" "${keep[@]}" && continue
    docker config rm "${name}" >/dev/null || say "config '${name}' is still in use"
  done
}

# report VERDICT STEP RECORD: for the workflow that waits.
report() {
  local commit=''
  [[ ! -s $3 ]] || commit=$(jq --raw-output '.commit // ""' "$3") || commit=''
  services 2>/dev/null |
    jq --slurp --arg verdict "$1" --arg step "$2" --arg environment "${environment}" \
      --arg commit "${commit}" \
      '{environment: $environment, commit: $commit, verdict: $verdict, step: $step,
        services: map({name: .Name, image: .Image, replicas: .Replicas})}'
}
