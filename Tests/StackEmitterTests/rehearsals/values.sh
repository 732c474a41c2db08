#!/usr/bin/env bash
# Inside `scripts/engine run --swarm`: starts the same container on Compose and as a stack, and
# copies the environment of its first process.
#
#   values.sh PACKAGE FOLDER: FOLDER/compose.yml and FOLDER/stack.yml, each with a service `probe`
#   of the image `probe:1`; writes FOLDER/compose and FOLDER/swarm.
set -euo pipefail

package=$1 folder=$2
"${package}/scripts/stand-in-images" --serves probe probe:1
SLIPWAY_UNLOCKED_PROBE=probe:1 docker stack deploy --detach=true --resolve-image never \
  --compose-file "${folder}/generated/prod/docker-compose.yml" values >/dev/null
docker compose --progress quiet --file "${folder}/generated/dev/docker-compose.yml" up --detach \
  --pull never
id=$(docker compose --file "${folder}/generated/dev/docker-compose.yml" ps --quiet probe)
docker exec "${id}" cat /proc/1/environ >"${folder}/compose"
for ((attempt = 0; attempt < 100; attempt++)); do
  id=$(docker ps --quiet --filter label=com.docker.swarm.service.name=values_probe)
  [[ -z ${id} ]] || break
  sleep 0.1
done
docker exec "${id}" cat /proc/1/environ >"${folder}/swarm"
