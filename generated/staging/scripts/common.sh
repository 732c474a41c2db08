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

# need COMMAND...: all at once, so that nothing is half done for want of a program.
need() {
  local missing=() name
  for name in "$@"; do
    command -v "${name}" >/dev/null || missing+=("${name}")
  done
  ((${#missing[@]} == 0)) || die "missing on this machine: ${missing[*]}"
}

# One script at a time; the lock goes with the process.
take_lock() {
  mkdir -p "${state}/releases"
  exec 9>"${state}/lock"
  flock --nonblock 9 || die "another script works on ${environment}; wait for it to end"
}

# write FILE: standard input, whole or not at all.
write() {
  local file=$1 temporary
  temporary=$(mktemp "${file}.XXXXXX")
  cat >"${temporary}"
  chmod 0644 "${temporary}"
  mv --force "${temporary}" "${file}"
}

# measure NAME VALUE [LABELS]: a metric that the machine's exporter picks up.
measure() {
  local name=$1 value=$2 labels=${3:-} file
  mkdir -p "${metrics}"
  file=${name}
  [[ -z ${labels} ]] || file+=-$(printf '%s' "${labels}" | tr --complement --delete 'a-z0-9')
  printf '# TYPE %s gauge\n%s%s %s\n' "${name}" "${name}" "${labels:+\{${labels}\}}" "${value}" |
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
  jq --exit-status '
    (.commit | test("^[0-9a-f]{40}$")) and (.created | type == "string")
    and (.images | type == "object" and length > 0)
    and ([.images[] | test("^[^@ ]+@sha256:[0-9a-f]{64}$")] | all)' "${record}" >/dev/null ||
    die "'${record}' is no release record: a commit of 40 digits and images by digest"
  local name names=(
    'FLOWREX_BACKEND_IMAGE'
    'FLOWREX_CONSOLE_IMAGE'
    'FLOWREX_POSTGRES_IMAGE'
  )
  for name in "${names[@]}"; do
    jq --exit-status --arg name "${name}" '.images | has($name)' "${record}" >/dev/null ||
      die "'${record}' names no image for ${name}"
  done
}

# take_images FILE: what the stack's file asks for.
take_images() {
  local line
  while IFS= read -r line; do
    export "${line?}"
  done < <(jq --raw-output '.images | to_entries[] | "\(.key)=\(.value)"' "$1")
}

# image VARIABLE: of the release that runs now.
image() {
  [[ -s ${state}/current.json ]] || die "nothing was released in ${environment} yet"
  jq --exit-status --raw-output --arg name "$1" '.images[$name]' "${state}/current.json" ||
    die "the release that runs has no image ${1}"
}

# config FILE: the engine's name of a generated file in the release that runs; it ends in a digest.
config() {
  local found
  found=$(docker service inspect "${stack}_postgres-primary" | jq --raw-output --arg file "/$1" \
    '.[0].Spec.TaskTemplate.ContainerSpec.Configs[]
      | select(.File.Name | endswith($file)) | .ConfigName')
  [[ -n ${found} ]] || die "the release that runs has no '$1'"
  printf '%s' "${found}"
}

# job NAME [OPTION...] -- IMAGE WORD...: runs once in a container of the cluster, prints what it
# says, and ends as it ended. Passwords reach it as secrets of the engine only.
job() {
  local name=${stack}_job-$1-$$ options=() found
  shift
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  docker service create --quiet --detach --name "${name}" --mode replicated-job \
    --restart-condition none --limit-memory 1G --limit-cpu 1 --label "slipway.job=${stack}" \
    "${options[@]}" "$@" >/dev/null || die "job '${name}' could not be started"
  local deadline=$((SECONDS + ${SLIPWAY_JOB_SECONDS:-3600})) outcome=waiting
  while ((SECONDS < deadline)); do
    found=$(docker service ps --no-trunc --format "${as_json}" "${name}")
    case ${found} in
      *'"CurrentState":"Complete'*) outcome=complete && break ;;
      *'"CurrentState":"Failed'* | *'"CurrentState":"Rejected'*) outcome=failed && break ;;
      *) sleep "${SLIPWAY_POLL:-2}" ;;
    esac
  done
  docker service logs --raw "${name}" 2>&1 || say "the log of '${name}' could not be read"
  docker service rm "${name}" >/dev/null || say "job '${name}' could not be removed"
  case ${outcome} in
    complete) return 0 ;;
    failed)
      say "job '${name}' failed: $(jq --raw-output --slurp 'map(.Error // "") | join(" ")' \
        <<<"${found}")"
      return 1
      ;;
    *)
      say "job '${name}' did not end in time"
      return 1
      ;;
  esac
}
