#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# How a release is put in place and judged. Sourced by deploy and rollback, never run by itself.
: "${state:?}" "${stack:?}" "${environment:?}" "${as_json:?}" "${generated:?}"

# specifications: name and specification of every service of the stack, as one JSON object.
specifications() {
  local names
  mapfile -t names < <(services | jq --raw-output .Name)
  ((${#names[@]} > 0)) || {
    echo '{}'
    return 0
  }
  docker service inspect "${names[@]}" | jq '[.[] | {key: .Spec.Name, value: .}] | from_entries'
}

# place_data FOLDER: prints the stack's file of that folder with every server of the database on the
# volume where its data is now. A promotion gives the primary another volume, and no release, new or
# old, may start it on the one before: that would be an older server, or an empty one. A new release
# says so itself; one that is put back is older than the promotion and is told. (F17)
place_data() {
  local folder=$1 now server volume node here there taken=() words=()
  now=$(specifications) || return 1
  while IFS=' ' read -r server volume node; do
    read -r here there < <(jq --raw-output --arg stack "${stack}_" --arg name "${server}" '
      .["\($stack)\($name)"].Spec.TaskTemplate // empty
      | "\(.ContainerSpec.Mounts[] | select(.Target == "/var/lib/postgresql/data").Source | ltrimstr($stack)) \(
          first(.Placement.Constraints[]? | select(startswith("node.hostname")))
          | split(" ") | last)"' <<<"${now}") || {
      # It is not there yet. What lies on its volume may be the data of a primary of before.
      [[ ! -s ${state}/stale || $(<"${state}/stale") != "${volume}" ]] || {
        say "'${node}' holds the data of a primary that was replaced; on that machine:" \
          "docker volume rm ${stack}_${volume}; then here: rm ${state}/stale"
        return 1
      }
      continue
    }
    [[ " ${taken[*]} " != *" ${here} "* ]] || {
      say "'${server}' has no data of its own yet: run scripts/rejoin ${server} first"
      return 1
    }
    taken+=("${here}")
    [[ ${here} != "${volume}" ]] || continue
    if [[ ${folder} == "${generated}" ]]; then
      say "the data of '${server}' is on '${there}', and this release looks for it on '${node}':" \
        "exchange the nodes in the specification, as the promotion did"
      return 1
    fi
    say "'${server}' stays on '${there}', where its data is"
    words+=(--expression "/^  ${server}:\$/,/^  [a-z]/ {
      s/^( *source: )${volume}\$/\1${here}/
      s/^( *- node\.hostname == )${node}\$/\1${there}/
    }")
  done < <(grep --invert-match '^#' "${folder}/scripts/jobs/places.list")
  sed --regexp-extended "${words[@]}" --expression '' "${folder}/docker-compose.yml"
}

# hand_over FOLDER: gives the files to the engine. What ran before is noted: only a service whose
# tasks are to change must end in `completed`; the engine says nothing about the others.
hand_over() {
  local folder=$1
  specifications >"${state}/before-roll.json" || return 1
  place_data "${folder}" | write "${folder}/docker-stack.yml" || return 1
  # The engine refuses who changes a service while it is taking that service back itself; it is done
  # with that in a moment, and what was taken already is taken again without a change.
  local said
  for _ in 1 2 3 4 5; do
    # By digest, each image is what it is: no registry is asked for what a tag means now.
    if said=$(cd "${folder}" && docker stack deploy --detach=true --prune --with-registry-auth \
      --resolve-image never --compose-file docker-stack.yml "${stack}" 2>&1); then
      printf '%s\n' "${said}" >&2
      return 0
    fi
    printf '%s\n' "${said}" >&2
    [[ ${said} == *'update out of sequence'* ]] || return 1
    sleep "${SLIPWAY_POLL:-2}"
  done
  return 1
}

# verdicts: `NAME WORD` for every service: ready, waiting, or how the engine took it back. (F3)
verdicts() {
  local now
  now=$(specifications) || return 1
  services | jq --raw-output --slurp --slurpfile before "${state}/before-roll.json" \
    --slurpfile now <(printf '%s' "${now}") '
    def tasks: .Spec.TaskTemplate | del(.Placement);
    .[] | .Name as $name | $now[0][$name] as $service | $before[0][$name] as $old
    | (.Replicas | split(" ")[0] | split("/")) as $count
    | ($service.UpdateStatus.State // "none") as $status
    | ($old != null and ($old | tasks) != ($service | tasks)) as $changes
    | if $status == "paused" or ($status | startswith("rollback")) then "\($name) \($status)"
      elif $count[0] != $count[1] or $count[1] == "0" then "\($name) waiting"
      elif $changes and $status != "completed" then "\($name) waiting"
      elif $status == "updating" then "\($name) waiting"
      else "\($name) ready" end'
}

# settle NAMES: until the services whose names match run as asked. `stack deploy` says yes even
# after it went back, so each service is asked. (F3)
settle() {
  local only=$1 deadline=$((SECONDS + ${SLIPWAY_ROLL_SECONDS:-1200}))
  local found='' waiting='nothing answered'
  while ((SECONDS < deadline)); do
    # A manager that is busy for a moment is asked again.
    found=$(verdicts) || found=''
    found=$(grep "^${stack}_${only} " <<<"${found}") || found=''
    if [[ -n ${found} ]]; then
      if grep --quiet --extended-regexp ' (rollback_[a-z]+|paused)$' <<<"${found}"; then
        say "the engine took back:" \
          "$(grep --extended-regexp ' (rollback_[a-z]+|paused)$' <<<"${found}" | tr '\n' ';')"
        return 1
      fi
      waiting=$(grep ' waiting$' <<<"${found}" | cut --delimiter ' ' --fields 1 | tr '\n' ' ') ||
        waiting=''
      [[ -n ${waiting} ]] || return 0
    fi
    sleep "${SLIPWAY_POLL:-2}"
  done
  say "still not running in time: ${waiting}"
  return 1
}

# roll FOLDER: hands the files to the engine and waits for its verdict.
roll() {
  hand_over "$1" && settle '.*'
}

# check_images RECORD: what runs is what the record names, digest by digest.
check_images() {
  local record=$1 now found name running wanted
  now=$(specifications) || return 1
  found=$(
    jq --raw-input --raw-output --arg stack "${stack}" --slurpfile record "${record}" \
      --slurpfile now <(printf '%s' "${now}") 'split(" ") as [$name, $variable]
      | ($now[0]["\($stack)_\($name)"].Spec.TaskTemplate.ContainerSpec.Image // "nothing")
      | "\($name) \(.) \($record[0].images[$variable])"' <<'LIST'
backend FLOWREX_BACKEND_IMAGE
worker FLOWREX_BACKEND_IMAGE
console FLOWREX_CONSOLE_IMAGE
postgres-primary FLOWREX_POSTGRES_IMAGE
postgres-replica-1 FLOWREX_POSTGRES_IMAGE
LIST
  ) || return 1
  while IFS=' ' read -r name running wanted; do
    if [[ ${running#*@} != "${wanted#*@}" ]]; then
      say "'${name}' runs ${running}, not ${wanted}"
      return 1
    fi
  done <<<"${found}"
}

# verify: every edge node answers for itself, not one for all. (C-33)
verify() {
  local node address options api='api.staging.flowrex.app'
  options=(--silent --show-error --output /dev/null --max-time 10 --retry 6)
  options+=(--retry-delay "${SLIPWAY_RETRY:-5}" --retry-all-errors)
  while IFS= read -r node; do
    address=$(docker node inspect "${node}" </dev/null | jq --raw-output \
      '.[0] | if .Status.Addr == "0.0.0.0" then .ManagerStatus.Addr else .Status.Addr end
        | sub(":[0-9]+$"; "")')
    if [[ -e ${state}/certificate ]]; then
      curl "${options[@]}" --fail --resolve "${api}:443:${address}" \
        "https://${api}/health" </dev/null || {
        say "'${node}' does not answer for ${api}"
        return 1
      }
    else
      say "there is no certificate yet: run scripts/certificate issue"
      # Until then the edge answers the authority, on port 80.
      curl "${options[@]}" --resolve "${api}:80:${address}" "http://${api}/" </dev/null || {
        say "'${node}' does not answer at all"
        return 1
      }
    fi
  done <<'LIST'
staging-1
LIST
}

# current LINK: timers start what the release that runs brought with it.
current() {
  ln --symbolic --force --no-dereference "$1" "${state}/current.new"
  mv --force --no-target-directory "${state}/current.new" "${state}/current"
}

# remember RECORD: the release and its files, so that a way back exists before it is needed.
remember() {
  local record=$1 commit folder before=''
  commit=$(commit_of "${record}")
  folder=${state}/releases/${commit}
  [[ ! -s ${state}/current.json ]] || before=$(commit_of "${state}/current.json")
  rm -rf "${folder}.new"
  mkdir -p "${folder}.new"
  cp --recursive "${generated}/." "${folder}.new"
  cp "${record}" "${folder}.new/release.json"
  if [[ -n ${before} && ${before} != "${commit}" ]]; then
    write "${state}/previous.json" <"${state}/current.json"
  fi
  # What was before it: after a rollback to it, that is the next one back.
  [[ ! -s ${state}/previous.json ]] || cp "${state}/previous.json" "${folder}.new/previous.json"
  rm -rf "${folder}"
  mv "${folder}.new" "${folder}"
  write "${state}/current.json" <"${record}"
  current "${folder}"
  measure 'flowrex_release_timestamp_seconds' "$(date +%s)"
}

# rehearsed KIND COMMIT TO STEP...: what was walked here, for `operations` to sign; the gate of the
# next environment asks for it. TO is empty for a first release. (S17-HS-09, F14)
rehearsed() {
  local kind=$1 commit=$2 to=$3 file
  shift 3
  file=${state}/rehearsals/${kind}-${commit:0:12}${to:+-to-${to:0:12}}.json
  mkdir -p "${state}/rehearsals"
  # A signature of an older one is of another text.
  rm -f "${file}.sig"
  jq --null-input --arg kind "${kind}" --arg environment "${environment}" \
    --arg commit "${commit}" --arg to "${to}" --arg made "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
    --arg source "scripts on $(uname -n)" '{kind: $kind, environment: $environment,
      commit: $commit, made: $made, source: $source, steps: $ARGS.positional}
      + if $to == "" then {} else {to: $to} end' --args "$@" | write "${file}"
  say "rehearsed; operations signs it: ssh-keygen -Y sign -n slipway -f KEY ${file}"
}

# go_back: the recorded release, all of it; never the data. (C-52)
go_back() {
  [[ -s ${state}/current.json ]] || {
    say "there is no release to go back to; what runs is left as it is"
    return 1
  }
  local commit
  commit=$(commit_of "${state}/current.json")
  say "going back to ${commit:0:12}"
  take_images "${state}/current.json"
  roll "${state}/releases/${commit}" && check_images "${state}/current.json" && verify
}

# prune: what neither this release nor the one before it mentions, and the files of all but the
# newest ten. Runs only after verification.
prune() {
  local keep=() file name old
  for file in current previous; do
    [[ -s ${state}/${file}.json ]] || continue
    keep+=("${state}/releases/$(commit_of "${state}/${file}.json")")
  done
  while IFS= read -r name; do
    docker config rm "${name}" >/dev/null </dev/null || say "config '${name}' is still in use"
  done < <(docker config ls --filter "label=com.docker.stack.namespace=${stack}" \
    --format "${as_json}" | jq --raw-output .Name | grep --invert-match --line-regexp \
    --fixed-strings --file <(grep --no-filename --only-matching --extended-regexp \
      -- "${stack}_[A-Za-z0-9_.-]+" "${keep[@]/%//docker-compose.yml}"))
  while IFS= read -r old; do
    [[ " ${keep[*]} " == *" ${state}/releases/${old} "* ]] || rm -rf "${state}/releases/${old}"
  done < <(find "${state}/releases" -mindepth 1 -maxdepth 1 -type d ! -name '*.new' \
    -printf '%T@ %f\n' | sort --numeric-sort --reverse | tail --lines +11 |
    cut --delimiter ' ' --fields 2)
}

# report VERDICT STEP RECORD: for the workflow that waits.
report() {
  local commit='' found=''
  [[ ! -s $3 ]] || commit=$(jq --raw-output '.commit // ""' "$3" 2>/dev/null) || commit=''
  found=$(services 2>/dev/null) || found=''
  jq --slurp --arg verdict "$1" --arg step "$2" --arg environment "${environment}" \
    --arg commit "${commit}" \
    '{environment: $environment, commit: $commit, verdict: $verdict, step: $step,
      services: map({name: .Name, image: .Image, replicas: .Replicas})}' <<<"${found}"
}
