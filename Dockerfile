# The site in a container, without compiler, root or package manager at run time. Node only installs
# the packages of the front end.

FROM node:24-slim AS front-end
WORKDIR /srv/sojourn
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim AS packages
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH
WORKDIR /srv/sojourn
COPY requirements/build.txt requirements/app.txt requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt -r requirements/app.txt
COPY . .
# Editable, since `app.paths` finds templates, seeds and migrations beside the code.
RUN pip install --no-cache-dir --no-deps --no-build-isolation --no-index --editable . \
    && pip install --no-cache-dir --no-compile --no-deps --target /tmp/extracts --require-hashes -r requirements/extracts.txt \
    && PYTHONPATH=/tmp/extracts python requirements/write_extracts.py \
    && rm -rf /tmp/extracts \
    && python -m compileall -q app migrations

FROM python:3.13-slim
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sojourn" \
    org.opencontainers.image.description="A public, citable record of restrictions on migrant workers" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
# Debian's packages for SOJOURN_BACKUP_COMMAND, such as "rclone": the operator names them, one or more.
ARG PACKAGES=""
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin sojourn \
    && install --directory --owner 10001 --mode 0700 /backups
# hadolint ignore=DL3008,SC2086
RUN [ -z "$PACKAGES" ] || { apt-get update \
    && apt-get install --yes --no-install-recommends $PACKAGES \
    && rm -rf /var/lib/apt/lists/*; }
WORKDIR /srv/sojourn
COPY --from=packages /srv/venv /srv/venv
COPY --from=packages /srv/sojourn .
COPY --from=front-end /srv/sojourn/node_modules node_modules
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/healthz', timeout=4)"]
ENTRYPOINT ["sojourn"]
CMD ["serve"]
