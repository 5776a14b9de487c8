# Stand-in for rust:VERSION-slim-SUITE: its packages (it has no make, no pkg-config and no C++ either), its folders and
# its environment, but this machine's toolchain in place of a download, and no rustup. Built by .ci/images.
ARG DEBIAN
FROM $DEBIAN
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
ARG VERSION
ENV RUSTUP_HOME=/usr/local/rustup \
    CARGO_HOME=/usr/local/cargo \
    PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    RUST_VERSION=$VERSION
# Not share/, which is the documentation: more than half of the toolchain.
COPY --from=sysroot bin /usr/local/rustup/toolchains/machine/bin
COPY --from=sysroot lib /usr/local/rustup/toolchains/machine/lib
RUN mkdir -p /usr/local/cargo/bin && ln -s /usr/local/rustup/toolchains/machine/bin/* /usr/local/cargo/bin/
COPY --from=machine ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=machine config.toml /usr/local/cargo/config.toml
LABEL workshop.stand-in="Debian's gcc and this machine's Rust $VERSION"
CMD ["bash"]
