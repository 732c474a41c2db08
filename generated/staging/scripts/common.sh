#!/usr/bin/env bash
# Generated from environments/Staging.swift by `make generate`. Edit the Swift, not this.
# What the scripts of staging share. Sourced, never run by itself.
set -euo pipefail
umask 077

# The folder of the generated files, wherever they were carried to.
generated=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly generated
[[ -s ${generated}/docker-compose.yml ]] || exit 1
readonly project='Flowrex'
readonly environment='staging'
readonly stack='flowrex-staging'
# A rehearsal keeps its state elsewhere.
readonly state=${SLIPWAY_STATE:-/var/lib/flowrex/staging}
readonly metrics=${SLIPWAY_METRICS:-/var/lib/flowrex/metrics}
# Docker's template for one JSON object a line, put together so that it is no hole of ours.
readonly as_json='{''{json .}''}'

say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# interrupted STATUS: a failure like any other, which what stands in EXIT would not see by itself. The
# job that is waited for goes too: nothing may work on while somebody cleans up.
running=''
interrupted() {
  trap '' HUP INT TERM
  say "interrupted"
  [[ -z ${running} ]] || docker service rm "${running}" >/dev/null ||
    say "job '${running}' could not be removed"
  exit "$1"
}
trap 'interrupted 129' HUP
trap 'interrupted 130' INT
trap 'interrupted 143' TERM

# need COMMAND...: all at once, so that nothing is half done for want of a program.
need() {
  local missing=() name
  for name in "$@"; do
    command -v "${name}" >/dev/null || missing+=("${name}")
  done
  ((${#missing[@]} == 0)) || die "missing on this machine: ${missing[*]}"
}

# take_lock [NAME]: one at a time, and who comes second waits a little; it goes with the process.
take_lock() {
  mkdir -p "${state}/releases"
  exec 9>"${state}/${1:-lock}"
  flock --timeout "${SLIPWAY_LOCK_SECONDS:-60}" 9 ||
    die "another script works on ${environment}; wait for it to end"
}

# write FILE: standard input, whole or not at all.
write() {
  local file=$1 temporary
  temporary=$(mktemp "${file}.XXXXXX")
  cat >"${temporary}"
  chmod 0644 "${temporary}"
  mv --force "${temporary}" "${file}"
}

# measure NAME VALUE [LABELS]: a metric that the machine's exporter picks up, as another user.
measure() {
  local name=$1 value=$2 labels=${3:-} file
  file=${name}
  if [[ -n ${labels} ]]; then
    file+=-$(printf '%s' "${labels}" | tr --complement --delete 'a-z0-9')
    labels="{${labels}}"
  fi
  [[ -d ${metrics} ]] || (umask 022 && mkdir -p "${metrics}")
  printf '# TYPE %s gauge\n%s%s %s\n' "${name}" "${name}" "${labels}" "${value}" |
    write "${metrics}/${file}.prom"
}

# tell OUTCOME TEXT: success, failure and rollback alike. A message that is not heard stops nothing.
tell() {
  local outcome=$1 text=$2 webhook=${SLIPWAY_WEBHOOK:-${state}/webhook}
  say "${outcome}: ${text}"
  [[ -s ${webhook} ]] || return 0
  # The address is a credential: it goes through a file, not through an argument.
  jq --null-input --arg text "[${project} ${environment}] ${outcome}: ${text}" '{text: $text}' |
    curl --config <(printf 'url = "%s"\n' "$(<"${webhook}")") --fail --silent --show-error \
      --max-time 10 --header 'Content-Type: application/json' --data @- >/dev/null ||
    say "nobody could be told"
}

# check_record FILE: a release is a commit and images by digest, nothing else. (F13)
check_record() {
  local record=$1
  [[ -s ${record} ]] || die "there is no release record '${record}'"
  # \A and \z: no second line may hide behind a first that is right; nor a second record.
  jq --slurp --exit-status 'length == 1 and (.[0]
    | (.commit | test("\\A[0-9a-f]{40}\\z")) and (.created | type == "string")
    and (.images | type == "object" and length > 0)
    and ([.images | keys[] | test("\\A[A-Z][A-Z0-9_]*_IMAGE\\z")] | all)
    and ([.images[] | test("\\A[^@\\s]+@sha256:[0-9a-f]{64}\\z")] | all))
    ' "${record}" >/dev/null 2>&1 ||
    die "'${record}' is no release record: a commit of 40 digits and images by digest"
  local missing wanted=(
    FLOWREX_BACKEND_IMAGE
    FLOWREX_CONSOLE_IMAGE
    FLOWREX_POSTGRES_IMAGE
  )
  missing=$(jq --raw-output '.images as $images
    | [$ARGS.positional[] | select(in($images) | not)] | join(", ")' "${record}" \
    --args "${wanted[@]}")
  [[ -z ${missing} ]] || die "'${record}' names no image for ${missing}"
}

# commit_of FILE: the commit of a release record.
commit_of() { jq --exit-status --raw-output .commit "$1"; }

# take_images FILE: what the stack's file asks for.
take_images() {
  local line
  while IFS= read -r line; do
    export "${line?}"
  done < <(jq --raw-output '.images | to_entries[] | "\(.key)=\(.value)"' "$1")
}

# image VARIABLE: of the release that runs now.
image() {
  [[ -s ${state}/current.json ]] || {
    say "nothing was released in ${environment} yet"
    return 1
  }
  jq --exit-status --raw-output --arg name "$1" '.images[$name]' "${state}/current.json" || {
    say "the release that runs has no image ${1}"
    return 1
  }
}

# services: every service of the stack, one JSON object a line.
services() {
  docker service ls --filter "label=com.docker.stack.namespace=${stack}" --format "${as_json}"
}

# give_secrets USER: reads lines `SECRET PATH`, which the next job is given, for that user alone.
given=()
give_secrets() {
  local name path
  given=()
  while IFS=' ' read -r name path; do
    given+=(--secret "source=${name},target=${path},uid=$1,gid=$1,mode=0400")
  done
}

# limit_of JOB: how many seconds it may take, with how many processors and bytes of memory.
limit_of() {
  case $1 in
    backup | verify | restore) echo '21600 2 2147483648' ;;
    base | verify-copy | restore-to-time | rejoin) echo '43200 2 4294967296' ;;
    migrate) echo '3600 1 1073741824' ;;
    *) echo '3600 1 1073741824' ;;
  esac
}

# sweep: jobs whose script was killed before it could end them. Their names end in its process.
sweep() {
  local name
  while IFS= read -r name; do
    [[ ${name} == "${stack}"_job-*-* && ! -d /proc/${name##*-} ]] || continue
    say "job '${name}' is left from a script that was killed; it is ended"
    docker service rm "${name}" >/dev/null </dev/null || {
      say "job '${name}' could not be ended; see: docker service ls"
      return 1
    }
  done < <(docker service ls --filter "label=slipway.job=${stack}" \
    --filter "label=slipway.host=${HOSTNAME}" --format "${as_json}" | jq --raw-output .Name)
}

# job NAME [OPTION...] -- IMAGE WORD...: runs once in a container of the cluster, prints what it
# says, and ends as it ended. Passwords reach it as secrets of the engine only.
job() {
  local name=${stack}_job-$1-$$ options=() found='' seconds cpus memory
  read -r seconds cpus memory < <(limit_of "$1")
  shift
  sweep || return 1
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  running=${name}
  docker service create --quiet --detach --name "${name}" --mode replicated-job \
    --restart-condition none --with-registry-auth --cap-drop ALL \
    --limit-memory "${memory}" --limit-cpu "${cpus}" --label "slipway.job=${stack}" \
    --label "slipway.host=${HOSTNAME}" "${given[@]}" "${options[@]}" "$@" >/dev/null || {
    running=''
    say "job '${name}' could not be started"
    return 1
  }
  local deadline=$((SECONDS + ${SLIPWAY_JOB_SECONDS:-${seconds}})) outcome=waiting
  while ((SECONDS < deadline)); do
    # A manager that is busy for a moment is asked again.
    found=$(docker service ps --no-trunc --format "${as_json}" "${name}") || found=''
    case ${found} in
      *'"CurrentState":"Complete'*) outcome=complete && break ;;
      *'"CurrentState":"Failed'* | *'"CurrentState":"Rejected'*) outcome=failed && break ;;
      *) sleep "${SLIPWAY_POLL:-2}" ;;
    esac
  done
  docker service logs --raw "${name}" 2>&1 || say "the log of '${name}' could not be read"
  docker service rm "${name}" >/dev/null || say "job '${name}' could not be removed"
  running=''
  case ${outcome} in
    complete) return 0 ;;
    failed) say "job '${name}' failed: $(jq --raw-output '.Error // empty' <<<"${found}")" ;;
    *) say "job '${name}' did not end within ${SLIPWAY_JOB_SECONDS:-${seconds}} seconds" ;;
  esac
  return 1
}

# global_job NAME [OPTION...] -- IMAGE WORD...: runs once on every node that the options allow, prints
# what all of them say, and ends well if all of them did.
global_job() {
  local name=${stack}_job-$1-$$ options=() outcome=waiting
  shift
  sweep || return 1
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  running=${name}
  docker service create --quiet --detach --name "${name}" --mode global-job \
    --restart-condition none --with-registry-auth --limit-memory 256M \
    --label "slipway.job=${stack}" --label "slipway.host=${HOSTNAME}" \
    "${options[@]}" "$@" >/dev/null || {
    running=''
    say "job '${name}' could not be started"
    return 1
  }
  local deadline=$((SECONDS + ${SLIPWAY_JOB_SECONDS:-3600}))
  while ((SECONDS < deadline)); do
    # A manager that is busy for a moment is asked again.
    outcome=$(docker service ps --no-trunc --format "${as_json}" "${name}" |
      jq --slurp --raw-output 'map(.CurrentState | split(" ")[0])
        | if length > 0 and all(. == "Complete") then "complete"
          elif length > 0 and all(IN("Complete", "Failed", "Rejected")) then "failed"
          else "waiting" end') || outcome=waiting
    [[ ${outcome} == waiting ]] || break
    sleep "${SLIPWAY_POLL:-2}"
  done
  docker service logs --raw "${name}" 2>&1 || say "the log of '${name}' could not be read"
  docker service rm "${name}" >/dev/null || say "job '${name}' could not be removed"
  running=''
  [[ ${outcome} == complete ]] || say "job '${name}' did not end well on every node: ${outcome}"
  [[ ${outcome} == complete ]]
}

# words_job NAME IMAGE WORD...: words of a release's image on the database, with what these read.
words_job() {
  local name=$1 image=$2
  shift 2
  give_secrets 1000 <<'LIST'
flowrex-staging_database-password_v1 /run/secrets/database-password
flowrex-staging_inside-ca_v1 /run/secrets/inside-ca
LIST
  job "${name}" --network "${stack}_data" --env-file "${generated}/scripts/jobs/migrate.env" \
    -- "${image}" "$@"
}

readonly tools='docker.io/library/nginx:1.30.5@sha256:b972f831f200b19ef0767938224f9711e74cd783718738cd7405d5cabf75c442'

# edge_job NAME [OPTION...] -- WORD...: runs once on every edge node, on the edge's volume.
edge_job() {
  local name=$1 options=()
  shift
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  global_job "${name}" --constraint 'node.labels.edge == true' --user 0:0 \
    --network "${stack}_front" "${options[@]}" \
    --mount "type=volume,source=${stack}_edge-state,target=/var/lib/edge" \
    --entrypoint /bin/sh -- "${tools}" "$@" >&2
}

# job_text NAME: what a job runs in its container.
job_text() { cat "${generated}/scripts/jobs/$1.sh"; }
