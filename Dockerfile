# Two targets: `cpu` for the free engine, submit and the service; `cuda` for GPUs. The CUDA libraries come in torch's
# wheels, so both stand on the same base; the host brings driver and NVIDIA container toolkit.
#
#     docker build --target cpu  -t campaign:cpu .
#     docker build --target cuda -t campaign:cuda .
FROM python:3.12-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    CAMPAIGN_HOME=/var/lib/campaign \
    CAMPAIGN_LOG_FORMAT=json \
    NUMBA_CACHE_DIR=/var/lib/campaign/numba
RUN groupadd --gid 10001 campaign \
    && useradd --uid 10001 --gid campaign --no-create-home --home-dir /var/lib/campaign campaign \
    && install -d -o campaign -g campaign /var/lib/campaign
WORKDIR /src

FROM base AS cpu
COPY . .
RUN pip install '.[parquet,otel,service]' -c constraints.txt && rm -rf /src/*
WORKDIR /var/lib/campaign
USER 10001:10001
VOLUME /var/lib/campaign
ENTRYPOINT ["campaign"]
CMD ["worker"]

FROM base AS cuda
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    TORCHINDUCTOR_CACHE_DIR=/var/lib/campaign/inductor \
    TRITON_CACHE_DIR=/var/lib/campaign/triton
# torch builds kernels for the GPU that it finds, with a C compiler; a /tmp of tmpfs would not run them
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY . .
RUN pip install '.[f5,measure,otel]' -c constraints.txt && rm -rf /src/*
WORKDIR /var/lib/campaign
USER 10001:10001
VOLUME /var/lib/campaign
ENTRYPOINT ["campaign"]
CMD ["worker", "--gpus", "all"]
