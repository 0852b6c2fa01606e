#!/usr/bin/env bash
# Compiles a BPF program: compile.sh SOURCE OBJECT. Any clang from 11 on will do; BPF_CLANG names another one.
set -euo pipefail

source=$1 object=$2

clang=${BPF_CLANG:-$(command -v clang || compgen -c clang- | grep -E '^clang-[0-9]+$' | sort -t- -k2 -n | tail -n 1 || true)}
if [ -z "$clang" ]; then
	echo "error: clang is not installed, and the BPF program is compiled with it; run 'apt-get install clang libbpf-dev'" >&2
	exit 1
fi

include=(-I "/usr/include/$(uname -m)-linux-gnu")
if ! "$clang" -target bpf "${include[@]}" -include linux/bpf.h -include bpf/bpf_helpers.h -E -x c /dev/null >/dev/null 2>&1; then
	echo "error: the headers <linux/bpf.h> and <bpf/bpf_helpers.h> are not installed; run 'apt-get install linux-libc-dev libbpf-dev'" >&2
	exit 1
fi

"$clang" -O2 -g -Wall -Wextra -Werror -target bpf -mcpu=v3 "${include[@]}" -c "$source" -o "$object"
