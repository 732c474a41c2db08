# Generated from environments/ by `make generate`. Edit the Swift, not this.
FROM docker.io/library/postgres:16.15-bookworm@sha256:efedf3595f1d6f415c08568ba171029bf54052e754cc9f030e3f2412b21f3d67
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
  'ca-certificates=20*' \
  'pgbackrest=2.*' \
  && rm -rf /var/lib/apt/lists/*
USER 999:999
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 CMD ["pg_isready", "--quiet", "--host", "127.0.0.1"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title=flowrex-postgres \
    org.opencontainers.image.source=https://git.flowrex.app/platform \
    org.opencontainers.image.vendor=Flowrex \
    org.opencontainers.image.revision="${REVISION}" \
    slipway.contract=d1e557dc6ce667473e84f37eedc80a748abdd765804abb1868dada10412e365d
