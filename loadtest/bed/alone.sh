#!/usr/bin/env bash
# Sourced by parts that measure Everyport by itself, in a namespace of its own. Sets everyport, work and namespace, and
# removes what was made at the end.

[ "$(id -u)" = 0 ] || { echo "$(basename "$0" .sh) needs root, for network namespaces and BPF." >&2; exit 1; }
everyport=$PWD/out/everyport/everyport
[ -x "$everyport" ] || { echo "$everyport is not there; run 'make build'." >&2; exit 1; }

work=$(mktemp -d)
namespace=everyport-bench-$$
# Whatever runs in the namespace was started here, and would keep it alive.
clean_up() {
	ip netns pids "$namespace" 2>/dev/null | xargs -r kill -KILL || true
	ip netns del "$namespace" 2>/dev/null || true
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
