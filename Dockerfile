# Thaw on processors. `docker compose up` builds and starts it; docs/deploy.md says the rest.
FROM python:3.11.14-slim-bookworm

ENV HOME=/data \
    THAW_HOME=/data/workspace \
    THAW_EXPORT_TOOLS=/data/export-tools \
    KERAS_HOME=/data/keras \
    PATH=/opt/thaw/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_HEADLESS=true

# The workspace is the only thing that this user may write.
RUN useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin thaw

WORKDIR /opt/thaw
COPY requirements.txt requirements-cluster.txt ./
# More lists of libraries: --build-arg MORE=requirements-cluster.txt
ARG MORE=
RUN python -m venv .venv \
    && python -m pip install --no-cache-dir \
        -r requirements.txt ${MORE:+-r $MORE}

COPY LICENSE app.py requirements-export.txt ./
COPY .streamlit .streamlit
COPY deploy/healthy.py deploy/cluster.sh deploy/
COPY core core
COPY pages pages
RUN python -m compileall -q app.py core pages && python -m core.locale.catalogues

USER thaw
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=20s --start-period=120s CMD ["python", "deploy/healthy.py"]
CMD ["python", "-m", "core", "serve", "--address", "0.0.0.0", "--port", "8501"]
