# Generated from environments/ by `make generate`. Edit the Swift, not this.
FROM docker.io/library/swift:6.3.3-noble@sha256:69bf1f0281e13d82c9e49d67c2dd1dcc8c00bad738c860f4323d7078787ec8ea AS build
WORKDIR /source
# Dependencies change seldom: their layer is reused as long as the record is the same.
COPY Package.swift ./
COPY dependencies.txt ./
# What is recorded, or nothing.
RUN swift package resolve \
  && resolved() { \
  sed -n -e '/"identity" :/{s/.*: "\(.*\)".*/\1/;h}' \
  -e '/"version" : "/{s/.*: "\(.*\)".*/\1/;H;x;s/\n/ /p}' Package.resolved \
  > /tmp/resolved; } \
  && resolved && while read -r name version; do \
  grep -Fqx "${name} ${version}" /tmp/resolved \
  || swift package resolve "${name}" --version "${version}" || exit 1; \
  done < dependencies.txt \
  && resolved && diff dependencies.txt /tmp/resolved
COPY . .
RUN swift build --configuration release --product flowrex-console --force-resolved-versions \
  && products="$(swift build --configuration release --show-bin-path)" \
  && install -D --mode=0555 "${products}/flowrex-console" /product/flowrex-console \
  && find "${products}" -maxdepth 1 -name '*.resources' -exec cp --recursive '{}' /product/ ';'

FROM docker.io/library/swift:6.3.3-slim@sha256:c2b5f7c9e24f4af9ff27bfb2bff4b04d5115673f06248fd2a7423819918b7ecd
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
  'ca-certificates=20*' \
  && rm -rf /var/lib/apt/lists/*
# The distribution has a user of this number (`ubuntu`): it makes way.
RUN if getent passwd 1000; then userdel --remove "$(id --user --name 1000)"; fi \
  && groupadd --gid 1000 flowrex \
  && useradd --uid 1000 --gid 1000 --home-dir /app --no-create-home --shell /usr/sbin/nologin flowrex \
  && install --directory --owner=flowrex --group=flowrex --mode=0750 /app /var/log/flowrex
# A crash is traced to the log, without registers: they may hold secrets.
ENV PATH=/app:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SWIFT_BACKTRACE=enable=yes,color=no,interactive=no,registers=none,sanitize=yes,output-to=stderr
# Root owns what is run, so that a break-in cannot change it.
COPY --from=build --chown=root:root /product/ /app/
WORKDIR /app
USER 1000:1000
EXPOSE 3000 9090
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s --retries=3 CMD ["flowrex-console", "healthcheck"]
ENTRYPOINT ["/app/flowrex-console"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title=flowrex-console \
    org.opencontainers.image.source=https://git.flowrex.app/platform \
    org.opencontainers.image.vendor=Flowrex \
    org.opencontainers.image.revision="${REVISION}" \
    slipway.contract=d1e557dc6ce667473e84f37eedc80a748abdd765804abb1868dada10412e365d
ARG VERSION=
ARG BUILD=
ENV APP_VERSION="${VERSION}" \
    APP_COMMIT="${REVISION}" \
    APP_BUILD_ID="${BUILD}"
