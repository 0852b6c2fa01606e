#!/usr/bin/env bash
# Sourced: makes cells of Markdown, and JSON, of the figures.
# shellcheck disable=SC2034,SC2154 # names are shared among the parts of this benchmark

# cell CONTESTANT MEASURE FIGURE: the median, the least and the greatest, and how many times the baseline that is
# where it is another proxy's.
cell() {
	local values=${figures[$1.$2.$3]-} base=${figures[$baseline.$2.$3]-}
	[ -n "$values" ] || { echo -; return; }
	# shellcheck disable=SC2086 # lists of numbers
	printf '%s (%s)' "$(median $values)" "$(range $values)"
	# shellcheck disable=SC2086
	[ -z "$base" ] || [ "$1" = direct ] || [ "$1" = "$baseline" ] || [ "$(median $base)" = 0 ] ||
		printf ' %sx' "$(calculate %.2f "$(median $values) / $(median $base)")"
}

# table HEADING MEASURE.FIGURE...: a row for each contestant that has any of these figures. HEADING has a column more.
table() {
	local contestant column row found
	printf '\n| proxy | %s |\n| --- %s|\n' "$1" "$(printf '| --- %.0s' "${@:2}")"
	for contestant in "${chosen[@]}"; do
		row='' found=''
		for column in "${@:2}"; do
			row+=" $(cell "$contestant" "${column%.*}" "${column#*.}") |"
			[ -z "${figures[$contestant.$column]-}" ] || found=yes
		done
		[ -z "$found" ] || echo "| ${titles[$contestant]} |$row"
	done
}

failed() {
	[ ${#failures[@]} = 0 ] || printf '\nFailed: %s\n' "$(printf '%s; ' "${failures[@]}" | sed 's/; $/./')"
}

other_share() {
	# shellcheck disable=SC2086 # a list of numbers
	[ -z "${figures[other]-}" ] || calculate '%.0f %%' "$(median ${figures[other]}) * 100"
}

# json PART
json() {
	local contestant key separator='' inner other
	other=$(of other median)
	printf '{\n  "machine": "%s",\n  "part": "%s",\n  "rounds": %d,\n  "seconds": %s,\n  "otherLoad": %s,\n  "cases": [\n' \
		"$BENCH_MACHINE" "$1" "$rounds" "$seconds" "${other:-null}"
	for contestant in "${chosen[@]}"; do
		printf '%s    { "name": "%s", "title": "%s", "figures": {' "$separator" "$contestant" "${titles[$contestant]}"
		separator=$',\n' inner=$'\n'
		while read -r key; do
			printf '%s      "%s": { "median": %s, "runs": [%s] }' "$inner" "${key#*.}" "$(of "$key" median)" "$(of "$key" list)"
			inner=$',\n'
		done < <(printf '%s\n' "${!figures[@]}" | grep "^$contestant\\." | sort)
		printf ' } }'
	done
	printf '\n  ],\n  "failures": ['
	separator=
	for key in "${failures[@]}"; do
		printf '%s"%s"' "$separator" "$key"
		separator=', '
	done
	printf ']\n}\n'
}

# of KEY FUNCTION: the function applied to the figures.
of() {
	# shellcheck disable=SC2086 # a list of numbers
	"$2" ${figures[$1]-}
}
