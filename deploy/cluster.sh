#!/bin/sh
# A part of a cluster (docs/cluster.md): "head" has the app, "node ADDRESS" trains. Both need RAY_AUTH_MODE=token and the token.
set -eu
export RAY_USAGE_STATS_ENABLED=0
case "${1:-}" in
head)
    ray start --head --port=6379 --num-cpus=0 --include-dashboard=false
    exec python -m core serve --address 0.0.0.0 --port 8501
    ;;
node)
    exec ray start --address="$2" --block
    ;;
*)
    echo "error: say 'head', or 'node' with the address of the head" >&2
    exit 2
    ;;
esac
