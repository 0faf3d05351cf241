# syntax=docker/dockerfile:1

FROM swift:6.3.1-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl libsqlite3-dev make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /patchbay
COPY . .
RUN make image-root

# What `make image-check` runs is this stage: the same folder, with the settings below.
FROM scratch
LABEL org.opencontainers.image.title="Patchbay" \
      org.opencontainers.image.description="A local emulator of five cloud list-connections APIs" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /patchbay/.build/image/ /
# A volume that is new takes over whose folder it was.
COPY --from=build --chown=65532:65532 /patchbay/.build/image/data/ /data/
ENV PATCHBAY_HOST=0.0.0.0 PATCHBAY_SEED=/seeds
USER 65532:65532
EXPOSE 4747
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --start-interval=0.1s CMD ["/patchbay", "healthcheck"]
ENTRYPOINT ["/patchbay"]
CMD ["serve"]
