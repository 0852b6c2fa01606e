# Everyport. `make help` lists what there is to make.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build run test bench image clean native test-tools bench-tools

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

native:
	@scripts/install.sh build run

test-tools:
	@scripts/install.sh build run test

bench-tools:
	@scripts/install.sh build run bench

build: native ## builds out/everyport/everyport and out/steerctl/steerctl
	@echo 'Building everyport and steerctl; the first time takes two or three minutes.'
	@dotnet publish proxy/Everyport.Proxy.csproj -c Release -o out/everyport --nologo -v quiet
	@rm -rf out/steerctl
	@dotnet publish steering/steerctl/steerctl.csproj -c Release -o out/steerctl --nologo -v quiet

run: build ## runs the proxy on its embedded default: every port of 127.100.0.0/16
	@cd out/everyport && exec ./everyport run

test: test-tools build ## runs all tests; the kernel tests need root
	@scripts/test.sh

bench: bench-tools build ## runs the benchmarks, or PARTS="startup ..." of them; results under out/bench/
	@loadtest/bench.sh $(PARTS)

image: ## builds the container image with podman or docker
	@scripts/image.sh

clean: ## removes everything that was built
	@rm -rf out
	@find . -type d \( -name bin -o -name obj \) -not -path './.git/*' -prune -exec rm -rf {} +
