#!/usr/bin/env bash
# Sourced: what is made of the figures of several runs. Each function takes the figures as its arguments.

# The middle one, or the mean of the two in the middle.
median() {
	printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# The least and the greatest, as "2-5".
range() {
	printf '%s\n' "$@" | sort -g | awk 'NR == 1 { least = $1 } END { print least "-" $1 }'
}

# All of them, with a comma between.
list() {
	local IFS=,
	echo "$*"
}
