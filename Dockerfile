# The container image of Everyport: `everyport`, the proxy, and `steerctl` beside it.
#
#   docker run --network host --cap-drop ALL --cap-add BPF --cap-add NET_ADMIN everyport
#
# BPF and NET_ADMIN load and attach the program. NET_BIND_SERVICE lets UDP answers leave from ports below 1024, and
# PERFMON spares lookups the kernel's mitigations for programs that must not learn an address; both are optional. The
# seccomp profile has to allow bpf(2) to a container with CAP_BPF, as that of docker 23 does; that of podman 4.3 asks
# for CAP_SYS_ADMIN.
# Without a configuration it runs the embedded demo; mount one at /etc/everyport/appsettings.json.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Every build of the steering library compiles the BPF program, and steerctl is compiled ahead of time; nothing of this reaches the last stage.
RUN apt-get update \
 && apt-get install -y --no-install-recommends clang libbpf-dev linux-libc-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src

# The files that decide what is restored come first, so that a change of code leaves the packages in their layer.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY steering/Everyport.Steering.csproj steering/
COPY steering/steerctl/steerctl.csproj steering/steerctl/
COPY proxy/Everyport.Proxy.csproj proxy/
RUN dotnet restore proxy/Everyport.Proxy.csproj \
 && dotnet restore steering/steerctl/steerctl.csproj

COPY steering steering
COPY proxy proxy
# The context has no .git, so the commit that `everyport version` tells is handed in.
ARG REVISION=
RUN dotnet publish proxy/Everyport.Proxy.csproj -c Release --no-restore -o /out/everyport -p:SourceRevisionId="$REVISION" \
 && dotnet publish steering/steerctl/steerctl.csproj -c Release --no-restore -o /out/steerctl -p:SourceRevisionId="$REVISION" \
 && find /out \( -name '*.pdb' -o -name '*.xml' \) -delete

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
 && apt-get install -y --no-install-recommends libbpf1 \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/container/health.sh /usr/local/bin/everyport-health
COPY --from=build /out /opt
# Folders of their own: the two are compiled in different ways and must not overwrite each other's libraries.
RUN ln -s /opt/everyport/everyport /opt/steerctl/steerctl /usr/local/bin/

# everyport looks for appsettings.json where it is started.
WORKDIR /etc/everyport
# It stays root, stripped of every capability but those above: docker gives added capabilities to no other user.
ENTRYPOINT ["everyport"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["everyport-health"]

ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="Everyport" \
      org.opencontainers.image.description="A transparent reverse proxy that listens on every port" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="mcr.microsoft.com/dotnet/aspnet:10.0"
