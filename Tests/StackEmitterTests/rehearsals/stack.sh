#!/usr/bin/env bash
# Inside `scripts/engine run --swarm`: deploys a stack twice, then a release in which one image is
# sick, and writes down what the engine says. Judges nothing.
#
#   stack.sh PACKAGE FOLDER STACK FILE
#
# FOLDER/images is there from the start (see images.sh); once FOLDER/digests and FOLDER/host are
# written, the caller generates FILE for this engine and writes `first` and `second` (the two
# release records, `NAME=VALUE` a line), `secrets` (one engine name a line), `labels`, `mounts`
# (folders of containers that hold generated files) and, last of all, `ready`.
set -euo pipefail

package=$1 folder=$2 stack=$3 file=$4
# shellcheck source=SCRIPTDIR/images.sh
source "${BASH_SOURCE[0]%/*}/images.sh"
mkdir -p -- "${folder}/said"

deploy() {
  local record=() status=0
  mapfile -t record <"${folder}/$1"
  env -- "${record[@]}" docker stack deploy --detach=true --resolve-image never \
    --compose-file "${file}" "${stack}" >"${folder}/said/$2" 2>"${folder}/said/$2-errors" || status=$?
  printf '%s\n' "${status}" >"${folder}/said/$2-status"
  [[ ${status} == 0 ]] || {
    cat -- "${folder}/said/$2-errors" >&2
    exit 1
  }
}

# open_services: how many services do not have all their tasks, or are being rolled.
open_services() {
  docker service ls --format '{{.Replicas}}' | awk '{
    split($1, part, "/")
    if (part[1] != part[2] || part[2] == 0) open++
  } END { print open + 0 }'
}

# write_state NAME: all tasks, services, containers.
write_state() {
  docker stack ps --no-trunc --format '{{json .}}' "${stack}" \
    >"${folder}/said/tasks-$1"
  docker stack services --quiet "${stack}" | xargs docker service inspect \
    >"${folder}/said/services-$1"
  docker ps --no-trunc --format '{{json .}}' >"${folder}/said/containers-$1"
}

docker info --format '{{.Name}} {{.NCPU}} {{.MemTotal}}' >"${folder}/host"
make_images "${package}" "${folder}"
await_file "${folder}/ready" 60
mapfile -t mounts <"${folder}/mounts"

read -r host _ <"${folder}/host"
labels=()
while read -r label; do
  labels+=(--label-add "${label}=true")
done <"${folder}/labels"
docker node update "${labels[@]}" "${host}" >/dev/null
while read -r name; do
  printf 'value of %s\n' "${name}" | docker secret create "${name}" - >/dev/null
done <"${folder}/secrets"

start=${SECONDS}
deploy first deploy-1
for ((attempt = 0; attempt < 100; attempt++)); do
  sleep 1
  [[ $(open_services) != 0 ]] || break
done
printf 'converged after %s s\n' $((SECONDS - start)) >>"${folder}/said/times"
write_state 1

# What arrives in a container of each service: secrets with owner and mode, files with content.
docker ps --format '{{.ID}} {{.Label "com.docker.swarm.service.name"}}' | sort -u -k 2,2 \
  >"${folder}/one-each"
while read -r id name; do
  # shellcheck disable=SC2016
  docker exec "${id}" sh -c '
    for file in /run/secrets/*; do
      [ ! -e "$file" ] || printf "%s secret %s %s\n" "$1" "$(stat -c "%u:%g:%a" "$file")" "$file"
    done
    service=$1 && shift
    find "$@" -type f | while read -r file; do
      printf "%s config %s %s\n" "$service" "$(sha256sum "$file" | cut -d " " -f 1)" "$file"
    done' sh "${name#"${stack}_"}" "${mounts[@]}" || :
done <"${folder}/one-each" >"${folder}/said/arrived" 2>/dev/null
docker network ls --filter "label=com.docker.stack.namespace=${stack}" --quiet |
  xargs docker network inspect >"${folder}/said/networks"

deploy first deploy-2
sleep 6
write_state 2

start=${SECONDS}
deploy second deploy-3
# One line a second: the fewest tasks of each service that ran, and how the rolls stand.
for ((attempt = 0; attempt < 180; attempt++)); do
  sleep 1
  docker service ls --format '{{.Name}} {{.Replicas}}' >>"${folder}/said/running"
  rolling=$(docker stack services --quiet "${stack}" |
    xargs docker service inspect --format \
      '{{with .UpdateStatus}}{{.State}}{{end}}' |
    grep -c -e '^updating$' -e '^rollback_started$' || :)
  [[ ${rolling} != 0 ]] || break
done
printf 'rolled after %s s\n' $((SECONDS - start)) >>"${folder}/said/times"
write_state 3
