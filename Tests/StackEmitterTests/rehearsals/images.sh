# shellcheck shell=bash
# Stand-ins for the images of an environment, under their own names and with digests that the
# engine accepts. To be sourced inside scripts/engine.
#
# A registry on this machine plays every registry that is named: as the mirror of Docker Hub and
# as the host of the others, whose names lead here. Each image is then pulled as a generated file
# names it, and the registry ends: port 80 is the edge's.

# The words of our images: programs that serve, and questions that are answered with success.
stand_in_words=(
  --answers 'shop healthcheck' --answers 'shop-pages healthcheck'
  --answers 'flowrex healthcheck' --answers 'flowrex-console healthcheck'
  --answers curl --answers wget --answers pg_isready --answers redis-cli=PONG
  --serves shop --serves shop-pages --serves flowrex --serves flowrex-console
  --serves /bin/bash --serves redis-server --serves nginx
)

# make_images PACKAGE FOLDER: makes what FOLDER/images lists (`HOST/PATH:TAG`, one a line;
# `sick HOST/PATH:TAG` for one whose every answer is a failure) and writes FOLDER/digests with the
# same names, each followed by `@sha256:…`.
make_images() {
  local package=$1 folder=$2 registry=127.0.0.1:80 engine=${DOCKER_HOST:?}
  engine=${engine#unix://}
  engine=${engine%/*}
  local hosts=() arguments=() names=() line kind name
  while read -r line; do
    kind=${line% *} name=${line##* }
    names+=("${name}")
    [[ ${name} == docker.io/* ]] || hosts+=("${name%%/*}")
    if [[ ${kind} == sick ]]; then
      arguments+=(--sick "${name#*/}")
    else
      arguments+=("${name#*/}")
    fi
  done <"${folder}/images"

  printf '127.0.0.1 %s\n' localhost "${hosts[@]}" | sort -u >"${engine}/hosts"
  mount --bind "${engine}/hosts" /etc/hosts
  printf '%s\n' "${hosts[@]}" | sort -u | jq --raw-input --null-input \
    '{"registry-mirrors": ["http://127.0.0.1"], "insecure-registries": [inputs]}' \
    >"${engine}/daemon.json"
  kill -HUP "$(<"${engine}/pid")"

  "${package}/scripts/stand-in-images" --registry "${registry}" \
    "${stand_in_words[@]}" "${arguments[@]}" \
    >"${folder}/pushed"
  local index=0 pushed reference
  while read -r pushed; do
    reference=${names[index]}@${pushed##*@}
    pull "${reference}"
    printf '%s\n' "${reference}"
    index=$((index + 1))
  done <"${folder}/pushed" >"${folder}/digests.part"
  mv -- "${folder}/digests.part" "${folder}/digests"
  # The registry is a child of the script that started it, which is gone: found by its port.
  kill "$(pidof docker-registry)"
}

# pull REFERENCE: the engine looks at a changed /etc/hosts again after five seconds only.
pull() {
  local attempt
  for attempt in {1..80}; do
    ! docker pull --quiet "$1" >/dev/null 2>&1 || return 0
    sleep "0.${attempt:0:1}"
  done
  docker pull --quiet "$1" >/dev/null
}

# await_file FILE SECONDS: what another process writes.
await_file() {
  local attempt
  for ((attempt = 0; attempt < $2 * 10; attempt++)); do
    [[ ! -e $1 ]] || return 0
    sleep 0.1
  done
  printf 'no %s after %s s\n' "$1" "$2" >&2
  return 1
}
