# Stand-in for postgres:MAJOR: Debian's package, and an entrypoint that does what the official one is known for.
# Built by .ci/images.
ARG DEBIAN
FROM $DEBIAN
ARG MAJOR
# The user's number is that of the official image, so that a volume could change hands. Without
# createcluster.conf the package would create and keep a database cluster of its own.
RUN groupadd --system --gid 999 postgres \
    && useradd --system --gid 999 --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres \
    && mkdir /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
    && apt-get update \
    && apt-get install -y --no-install-recommends postgresql-$MAJOR \
    && rm -rf /var/lib/apt/lists/* \
    && sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" /usr/share/postgresql/$MAJOR/postgresql.conf.sample \
    && mkdir /docker-entrypoint-initdb.d \
    && install -d -o postgres -g postgres -m 3777 /var/run/postgresql \
    && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$MAJOR/bin \
    PG_MAJOR=$MAJOR \
    PGDATA=/var/lib/postgresql/data \
    LANG=C.UTF-8
COPY --chmod=755 postgres-entrypoint /usr/local/bin/docker-entrypoint.sh
LABEL workshop.stand-in="Debian's postgresql-$MAJOR"
VOLUME /var/lib/postgresql/data
EXPOSE 5432
# A server asked with SIGTERM would wait for its clients to leave; SIGINT ends their sessions.
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
