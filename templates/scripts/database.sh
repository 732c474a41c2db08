#!/usr/bin/env bash
# What the scripts for the database of {{ENVIRONMENT}} share. Sourced, never run by itself.
: "${state:?}" "${stack:?}" "${generated:?}" "${as_json:?}"

# archive_settings: the engine's name of pgBackRest's settings in the release that runs.
archive_settings() {
  local found
  found=$(docker service inspect "${stack}_{{PRIMARY}}" | jq --raw-output \
    '.[0].Spec.TaskTemplate.ContainerSpec.Configs[]
      | select(.File.Name | endswith("/pgbackrest.conf")) | .ConfigName') || found=''
  [[ -n ${found} ]] || {
    say "the release that runs has no settings for pgBackRest"
    return 1
  }
  printf '%s' "${found}"
}

# database_job NAME [OPTION...]: runs scripts/jobs/NAME.sh with the image of the database that runs.
database_job() {
  local name=$1 database archive text
  shift
  database=$(image '{{POSTGRES_IMAGE}}') || return 1
  archive=$(archive_settings) || return 1
  text=$(job_text "${name}") || return 1
  give_secrets 999 <<'LIST'
{{#DATABASE_SECRETS}}
{{ENGINE}} {{PATH}}
{{/DATABASE_SECRETS}}
LIST
  job "${name}" --user 999:999 --network "${stack}_data" --network "${stack}_outside" \
    --config "source=${archive},target={{CONFIG}}" \
    "$@" -- "${database}" bash -c "${text}"
}

# volume_job VOLUME MODE JOB [OPTION...]: beside a server, on its node and with its data, which MODE
# may make `readonly`.
volume_job() {
  local volume=$1 mode=$2 name=$3 node
  shift 3
  node=$(node_of "${volume}") || return 1
  database_job "${name}" --constraint "node.hostname==${node}" --mount \
    "type=volume,source=${stack}_${volume},target={{DATA}}${mode:+,${mode}}" "$@"
}

# check_name NAME: what every backup is called, and nothing that means more to a program.
check_name() {
  [[ $1 =~ ^[a-z0-9][a-z0-9-]*-[0-9]{8}T[0-9]{6}Z$ ]] || die "'$1' is no name of a backup"
}

# A name is a role: clients, jobs and replicas speak to '{{PRIMARY}}' wherever it runs. A volume is
# a place: it is named after its node, and the data on it stays there. Which server uses which
# volume is asked of the engine, for a promotion changes it without a deployment.

# servers: the names of all servers of the database, the primary first.
servers() { places | cut --delimiter ' ' --fields 1; }

# places: `SERVER VOLUME NODE` as the specification has them.
places() { grep --invert-match '^#' "${generated}/scripts/jobs/places.list"; }

# node_of VOLUME: the node that holds it.
node_of() {
  places | awk -v volume="$1" '$2 == volume { print $3; found = 1 } END { exit !found }' || {
    say "no node of {{ENVIRONMENT}} holds a volume '$1'"
    return 1
  }
}

# volume_of SERVER: the volume that the engine gives it.
volume_of() {
  docker service inspect "${stack}_$1" | jq --exit-status --raw-output --arg stack "${stack}_" \
    '.[0].Spec.TaskTemplate.ContainerSpec.Mounts[] | select(.Target == "{{DATA}}")
      | .Source | ltrimstr($stack)' || {
    say "the engine names no volume of '$1'"
    return 1
  }
}

# running_on SERVER: the nodes on which a task of it may still run.
running_on() {
  docker service ps --no-trunc --format "${as_json}" "${stack}_$1" |
    jq --raw-output 'select(.CurrentState | startswith("Running")) | .Node' | sort --unique
}

# stop_server SERVER [FENCED]: until no task of it runs. Of a node that is cut off the engine only
# knows what was: its tasks stay 'Running' for ever, and somebody has to say that it is off.
stop_server() {
  local name=$1 fenced=${2:-} deadline=$((SECONDS + ${SLIPWAY_STOP_SECONDS:-180})) left=unknown
  docker service scale --detach=true "${stack}_${name}=0" >&2 || {
    say "'${name}' could not be stopped"
    return 1
  }
  while :; do
    left=$(running_on "${name}") || left=unknown
    [[ -n ${left} && ${left} != "${fenced}" ]] || return 0
    ((SECONDS <= deadline)) || break
    sleep "${SLIPWAY_POLL:-2}"
  done
  say "'${name}' may still run on '${left//$'\n'/, }'"
  return 1
}

# node_status NODE: Ready, Down, or nothing for a node that the engine does not know.
node_status() {
  docker node ls --format "${as_json}" |
    jq --raw-output --arg name "$1" 'select(.Hostname == $name) | .Status'
}

# start_server SERVER VOLUME: on that volume and its node. The engine must not take it back by
# itself if it fails: where it was before, there is other data.
start_server() {
  local name=${stack}_$1 node old words=() there='' mount
  node=$(node_of "$2") || return 1
  while IFS= read -r old; do
    if [[ ${old} == "node.hostname == ${node}" ]]; then there=yes; else
      words+=(--constraint-rm "${old}")
    fi
  done < <(docker service inspect "${name}" | jq --raw-output \
    '.[0].Spec.TaskTemplate.Placement.Constraints[]? | select(startswith("node.hostname"))')
  # The engine keeps twice what it is told twice.
  [[ -n ${there} ]] || words+=(--constraint-add "node.hostname == ${node}")
  # A mount takes the place of the one with the same target. Its label is what the stack gives it.
  mount="type=volume,source=${stack}_$2,target={{DATA}}"
  mount+=",volume-label=com.docker.stack.namespace=${stack}"
  docker service update --quiet --detach=true --update-failure-action pause --replicas 1 \
    "${words[@]}" --mount-add "${mount}" "${name}" >/dev/null || {
    say "'$1' could not be started on '${node}'"
    return 1
  }
}

# other_replicas [BUT]: all but one, with a blank between them.
other_replicas() {
  servers | tail --lines +2 | grep --invert-match --line-regexp --fixed-strings -- "${1:-}" |
    paste --serial --delimiters ' ' || :
}

# What the engine ran before writers were stopped.
declare -A writing=()

# stop_writers: every service that writes.
stop_writers() {
  local writer count
  while IFS= read -r writer; do
    count=$(docker service inspect "${stack}_${writer}" |
      jq --exit-status '.[0].Spec.Mode.Replicated.Replicas') || return 1
    # Noted first: an interruption from here on starts it again.
    writing[${writer}]=${count}
    docker service scale "${stack}_${writer}=0" >&2 </dev/null || return 1
  done <<'LIST'
{{#WRITERS}}
{{NAME}}
{{/WRITERS}}
LIST
}

# start_writers: as many as there were.
start_writers() {
  local writer status=0
  for writer in "${!writing[@]}"; do
    docker service scale --detach=true "${stack}_${writer}=${writing[${writer}]}" >&2 || {
      say "error: '${writer}' must be started by hand: ${writing[${writer}]} replicas"
      status=1
    }
  done
  return "${status}"
}
{{#HAS_RESTORED}}

# settle_restored: a database of an earlier moment gets the schema of the release that runs, and
# what was ended since is ended again: whoever was signed out would be in. Before anything writes.
settle_restored() {
  local image up=(
{{#MIGRATION_WORDS}}
    '{{WORD}}'
{{/MIGRATION_WORDS}}
  ) words=(
{{#RESTORED_WORDS}}
    '{{WORD}}'
{{/RESTORED_WORDS}}
  )
  # Heads of a log that went on after that moment lead nowhere now; they stay beside.
  if [[ -s ${state}/log-heads ]]; then
    mv "${state}/log-heads" "${state}/log-heads-until-$(date -u +%Y%m%dT%H%M%SZ)" || return 1
  fi
  image=$(image '{{MIGRATION_IMAGE}}') || return 1
  words_job settle-schema "${image}" "${up[@]}" >&2 &&
    words_job settle "${image}" "${words[@]}" >&2
}
{{/HAS_RESTORED}}
