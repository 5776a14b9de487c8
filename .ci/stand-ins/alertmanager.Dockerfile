# Stand-in for prom/alertmanager: its paths, its user and its arguments, and busybox for its wget, which health checks use.
# Built by .ci/images.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends busybox \
    && rm -rf /var/lib/apt/lists/* \
    && ln -s busybox /bin/wget \
    && install -d -o nobody -g nogroup /etc/alertmanager /alertmanager \
    && printf 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n' >/etc/alertmanager/alertmanager.yml
COPY --from=tools bin/amtool /bin/
COPY --from=tools bin/prometheus-alertmanager /bin/alertmanager
# Its default templates: without them it does not start.
COPY --from=tools share/prometheus/alertmanager /usr/share/prometheus/alertmanager
ARG VERSION
LABEL workshop.stand-in="Debian's prometheus-alertmanager $VERSION"
USER nobody
WORKDIR /alertmanager
VOLUME /alertmanager
EXPOSE 9093
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
