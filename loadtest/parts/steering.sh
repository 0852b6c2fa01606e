#!/usr/bin/env bash
# What a lookup costs with few and with many prefixes, beside programs that do the least and beside the kernel's LPM
# tries; how long publishing takes, and how much kernel memory a table has. Needs root; sends no traffic.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ "$(id -u)" = 0 ] || { echo "steering needs root, for BPF." >&2; exit 1; }
dotnet publish loadtest/SteeringBench/SteeringBench.csproj -c Release -o out/bench/bin --nologo -v quiet
# A namespace of its own: publishing attaches to it.
exec unshare --net out/bench/bin/Everyport.Benchmarks
