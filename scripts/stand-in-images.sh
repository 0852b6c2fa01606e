#!/usr/bin/env bash
# For machines that reach no image registry but a Debian or Ubuntu mirror: makes stand-ins for the base images of
# the Dockerfile, under their names, from the packages of this machine's release and the .NET that is installed
# here. An image that is present already stays as it is. Needs root, debootstrap, and podman or docker.
# IMAGE_ENGINE names the engine, as for image.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=${IMAGE_ENGINE:-$(command -v podman || command -v docker || true)}
[ -n "$engine" ] || { echo "Neither podman nor docker is installed." >&2; exit 1; }

# present IMAGE: whether the engine has it.
present() {
	"$engine" image inspect "$1" >/dev/null 2>&1
}

missing=()
while read -r _ image _; do
	present "$image" || missing+=("$image")
done < <(grep '^FROM ' Dockerfile)
[ ${#missing[@]} -gt 0 ] || exit 0

dotnet=$(command -v dotnet || true)
[ -n "$dotnet" ] || { echo "dotnet is not installed; the stand-ins get the .NET of this machine." >&2; exit 1; }
dotnet=$(dirname "$(readlink -f "$dotnet")")
command -v debootstrap >/dev/null || { echo "debootstrap is not installed; run 'apt-get install debootstrap'." >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "debootstrap needs root." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
# The mirror that this machine's apt uses for its release.
# shellcheck disable=SC2016 # the dollars are apt's
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $codename" | head -n 1)

echo "Making the base of the stand-ins from $codename"
# What the official images bring, as far as .NET needs it; openssl stands for its library, whose name changes.
debootstrap --variant=minbase --include=ca-certificates,libgcc-s1,libstdc++6,openssl,tzdata,zlib1g \
	"$codename" "$root" ${mirror:+"$mirror"} >"$work/log" || { tail "$work/log" >&2; exit 1; }
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info}/*
mkdir -p "$root/var/lib/apt/lists/partial"
# As in the official images, apt keeps no cache that would end up in a layer.
printf 'Dir::Cache::%s "";\n' pkgcache srcpkgcache >"$root/etc/apt/apt.conf.d/docker-clean"
echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };' >>"$root/etc/apt/apt.conf.d/docker-clean"
# A machine that has a certificate authority of its own for the way out needs it in the build as well.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

# import IMAGE VARIABLE=VALUE...: makes an image of the root as it is now.
import() {
	local image=$1 changes=()
	shift
	for variable in "$@" DOTNET_RUNNING_IN_CONTAINER=true DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1; do
		changes+=(--change "ENV $variable")
	done
	echo "Importing $image"
	tar -C "$root" -c . | "$engine" import "${changes[@]}" --change 'CMD ["/bin/bash"]' \
		--message 'A stand-in, not the official image' - "$image" >/dev/null
}

mkdir -p "$root/usr/share/dotnet" "$root/usr/bin"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
cp -a "$dotnet"/{dotnet,host,shared} "$root/usr/share/dotnet/"
for image in "${missing[@]}"; do
	[[ $image == *sdk* ]] || import "$image" ASPNETCORE_HTTP_PORTS=8080
done
cp -a "$dotnet/." "$root/usr/share/dotnet/"
for image in "${missing[@]}"; do
	[[ $image != *sdk* ]] || import "$image" DOTNET_NOLOGO=1 NUGET_XMLDOC_MODE=skip
done
