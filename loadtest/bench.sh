#!/usr/bin/env bash
# Runs the benchmarks: bench.sh [PART...], every part of loadtest/parts/ unless some are named.
#
# A part is a program PART.sh that writes PART.md and PART.json into the folder BENCH_OUT. Both begin with the line
# that BENCH_MACHINE holds, in the JSON as its first property `machine`: a figure means little without the machine it
# was taken on. What the parts left is gathered in README.md there. No part fails because of a figure.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck disable=SC1091 # it is checked by itself
. loadtest/machine.sh
BENCH_OUT=$PWD/out/bench
BENCH_MACHINE=$(machine)
export BENCH_OUT BENCH_MACHINE
mkdir -p "$BENCH_OUT"

all=()
for file in loadtest/parts/*.sh; do
	all+=("$(basename "$file" .sh)")
done
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=("${all[@]}")
for part in "${parts[@]}"; do
	[ -x "loadtest/parts/$part.sh" ] || { echo "There is no part '$part'; the parts are: ${all[*]}." >&2; exit 2; }
done

failed=()
for part in "${parts[@]}"; do
	echo "== $part"
	rm -f "$BENCH_OUT/$part".{md,json}
	if ! "loadtest/parts/$part.sh" || [ ! -s "$BENCH_OUT/$part.md" ] || [ ! -s "$BENCH_OUT/$part.json" ]; then
		failed+=("$part")
	fi
done

# Parts that ran another time stay in the summary; each says on its first line when and where that was.
{
	cat <<-MARKDOWN
		$BENCH_MACHINE

		# Benchmarks

		Made by 'make bench'; the figures are in the JSON files beside this one as well.
	MARKDOWN
	for part in "${all[@]}"; do
		[ ! -s "$BENCH_OUT/$part.md" ] || { echo; cat "$BENCH_OUT/$part.md"; }
	done
} >"$BENCH_OUT/README.md"
echo "The results are in ${BENCH_OUT#"$PWD"/}/README.md."

[ ${#failed[@]} = 0 ] || { echo "These parts left no results: ${failed[*]}." >&2; exit 1; }
