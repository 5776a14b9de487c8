# Stand-in for prom/prometheus: its paths, its user and its arguments, and busybox for its wget, which health checks use.
# Built by .ci/images.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends busybox \
    && rm -rf /var/lib/apt/lists/* \
    && ln -s busybox /bin/wget \
    && install -d -o nobody -g nogroup /etc/prometheus /prometheus \
    && echo 'scrape_configs: [{job_name: prometheus, static_configs: [{targets: ["localhost:9090"]}]}]' >/etc/prometheus/prometheus.yml
COPY --from=tools bin/prometheus bin/promtool /bin/
COPY --from=tools share/prometheus/web /usr/share/prometheus/web
ARG VERSION
LABEL workshop.stand-in="Debian's prometheus $VERSION"
USER nobody
WORKDIR /prometheus
VOLUME /prometheus
EXPOSE 9090
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
