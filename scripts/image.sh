#!/usr/bin/env bash
# Builds the container image with podman or docker, whichever is there.
set -euo pipefail
cd "$(dirname "$0")/.."
engine=$(command -v podman || command -v docker || true)
if [ -z "$engine" ]; then
	echo "Neither podman nor docker is installed." >&2
	exit 1
fi
exec "$engine" build --tag everyport:latest .
