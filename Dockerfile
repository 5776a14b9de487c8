# `docker build .` makes an image of step 7, `docker build --build-arg PACKAGE=step03 .` one of step 3.

# The version has a name so that another can be tried without an edit: --build-arg RUST_VERSION=1.96
ARG RUST_VERSION=1.95

FROM rust:${RUST_VERSION}-slim-bookworm AS build
WORKDIR /src
COPY . .
ARG PACKAGE=step07
# The cache mounts stay with Docker from build to build, and out of the image: after a change only what changed is
# compiled. Locked: of two builds at once the second waits, instead of writing into the first one's files.
# `touch`, because cargo tells by its date whether a file has changed, and another clone's build, which shares this
# cache, may be younger than your change.
# crt-static puts the C library into the binary too, so that it needs nothing beside it. With an explicit target, even
# if it is this machine's own, the flag is not used for build scripts and macros, which cannot be static.
RUN --mount=type=cache,id=workshop-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=workshop-target,target=/src/target,sharing=locked \
    find solutions steps -name '*.rs' -exec touch {} + \
    && target=$(rustc -vV | sed -n 's/^host: //p') \
    && RUSTFLAGS='-C target-feature=+crt-static' \
       cargo build --release --locked --package "$PACKAGE" --target "$target" \
    && cp "target/$target/release/$PACKAGE" /app

# Nothing but the binary: what is not in the image needs no updates and helps no intruder.
FROM scratch
COPY --from=build /app /app
# In here 127.0.0.1 is the container alone; what is published reaches the container from outside.
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
# Not root. A number, because without /etc/passwd there are no names; any number that belongs to nobody will do.
USER 65532:65532
# An array, so that the binary itself is process 1 and gets SIGTERM. A plain line would need a shell, and is run by one.
ENTRYPOINT ["/app"]
# TODO(step 3): let Docker run the binary's health check at intervals.
# To look up: `HEALTHCHECK`, its five options and what they default to, its exec form.
