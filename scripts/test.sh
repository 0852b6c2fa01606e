#!/usr/bin/env bash
# Runs every test project and closes with one line of totals. Arguments go to 'dotnet test'.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build Everyport.slnx --nologo -v quiet

passed=0 failed=0 skipped=0 status=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*/*.Tests.csproj; do
	dotnet test "$project" --no-build --nologo "$@" 2>&1 | tee "$log" || status=1
	summary=$(grep -E '^ *(Passed|Failed|Skipped)! +- Failed:' "$log" | tail -n 1 || true)
	count() { sed -nE "s/.*$1: +([0-9]+).*/\1/p" <<<"$summary"; }
	passed=$((passed + $(count Passed || echo 0))) || true
	failed=$((failed + $(count Failed)))
	skipped=$((skipped + $(count Skipped)))
done

shellcheck_files=$(git ls-files '*.sh' .ci/run)
if command -v shellcheck >/dev/null; then
	# shellcheck disable=SC2086 # the list is meant to be split
	shellcheck $shellcheck_files || status=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
if [ -n "${CI:-}" ] && [ "$skipped" -gt 0 ]; then
	echo "Under CI a skipped test is a failure." >&2
	status=1
fi
exit "$status"
