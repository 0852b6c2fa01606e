#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that are missing for the given purposes: install.sh [build] [run] [test] [bench]
set -euo pipefail

packages() {
	case $1 in
	build) echo clang libbpf-dev linux-libc-dev zlib1g-dev ;;
	run) echo libbpf1 ;;
	bench) echo iproute2 procps gcc libc6-dev libssl-dev openssl haproxy nginx-light libnginx-mod-stream iptables wrk nghttp2-client ;;
	test) echo bpftool curl iproute2 netcat-openbsd nginx-light gcc libc6-dev haproxy iperf3 openssh-client openssh-server openssl postgresql postgresql-client dnsutils nsd ngtcp2-client ngtcp2-server chrony chromium nghttp2-client wrk prometheus python3-jsonschema groff-base knot iptables procps systemd ;;
	esac
}

missing=()
for purpose in "$@"; do
	for package in $(packages "$purpose"); do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
	done
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "These packages are missing: ${missing[*]}. Install them, for example with 'sudo apt-get install ${missing[*]}'." >&2
	exit 1
fi
echo "Installing ${missing[*]}"
# A server that a package brings along must not start by itself.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod +x "$policy"
	trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
