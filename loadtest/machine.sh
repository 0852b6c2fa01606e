#!/usr/bin/env bash
# Sourced: tells in one line what machine the figures are from, and when.

machine() {
	local cpu dotnet
	cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
	dotnet=$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" { version = $2 } END { print version }')
	echo "Linux $(uname -r) $(uname -m), ${cpu:-unknown CPU}, $(nproc) cores, .NET $dotnet, $(date -u +'%Y-%m-%d %H:%M UTC')"
}
