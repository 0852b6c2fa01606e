#!/usr/bin/env bash
# Builds the container image with podman or docker, whichever is there, and tags it everyport:VERSION and
# everyport:latest. The environment may say more:
#   IMAGE_ENGINE      the engine to use, instead of the first one found
#   IMAGE_BUILD_ARGS  further arguments for `ENGINE build`, separated by spaces, such as "--network host"
set -euo pipefail
cd "$(dirname "$0")/.."

engine=${IMAGE_ENGINE:-$(command -v podman || command -v docker || true)}
if [ -z "$engine" ]; then
	echo "Neither podman nor docker is installed." >&2
	exit 1
fi
read -ra further <<<"${IMAGE_BUILD_ARGS:-}"

# The OCI format that podman prefers has no health check.
[ "$(basename "$engine")" != podman ] || further+=(--format docker)

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
revision=$(git rev-parse HEAD 2>/dev/null || true)

exec "$engine" build "${further[@]}" \
	--build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
	--tag "everyport:$version" --tag everyport:latest .
