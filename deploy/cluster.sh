#!/bin/sh
# A part of a cluster (docs/cluster.md): "head" has the app, "node ADDRESS" trains. All parts need the same token.
set -eu
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=token

say_how() {
    echo "error: $1" >&2
    exit 2
}

[ -n "${RAY_AUTH_TOKEN:-}" ] || [ -s "${RAY_AUTH_TOKEN_PATH:-$HOME/.ray/auth_token}" ] ||
    say_how "There is no token, and without one whoever reaches a cluster can run anything on it. Set RAY_AUTH_TOKEN, as docs/deploy.md says."

case "${1:-}:${2:-}" in
head:)
    ray start --head --port=6379 --num-cpus=0 --include-dashboard=false
    exec python -m core serve --address 0.0.0.0 --port 8501
    ;;
node:?*)
    exec ray start --address="$2" --block
    ;;
*)
    say_how "Say 'head', or 'node' with the address of the head."
    ;;
esac
