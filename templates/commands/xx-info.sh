#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_INFO-}" ]; then set -x; fi

xx_query=${1-triple}
if [ "$#" -gt 1 ]; then
  printf 'xx-info: one query at a time, not %s\nhint: xx-info --help lists them\n' "$*" >&2
  exit 1
fi
case $xx_query in
  -h | --help)
    printf '%s\n' \
      'usage: xx-info [QUERY]' '' \
      'Print a name of the target platform; without QUERY, print its triple.' '' \
      'The target comes from TARGETPLATFORM, TARGETPAIR, or TARGETOS, TARGETARCH and' \
      'TARGETVARIANT. If none of them is set, the target is this machine.' '' \
      'Queries:'
    xx_line() {
      printf '  %-16s %s\n' "$@"
    }
    # table: queries
    xx_line os 'operating system in OCI spelling'
    # end
    xx_line --help 'print this help'
    printf '%s\n' '' 'Example: TARGETPLATFORM=linux/arm/v7 xx-info triple'
    exit
    ;;
esac

. ./target.sh

xx_target

. ./triple.sh

. ./cross.sh

. ./sysroot.sh

xx_answer() {
  printf '%s\n' "$1"
  exit
}

case $xx_query in
  os) xx_answer "$xx_os" ;;
  arch) xx_answer "$xx_arch" ;;
  variant) xx_answer "$xx_variant" ;;
  os-version)
    xx_release
    xx_answer "$xx_os_version"
    ;;
  vendor)
    xx_vendor_libc
    xx_answer "$xx_vendor"
    ;;
  libc)
    xx_vendor_libc
    xx_answer "$xx_libc"
    ;;
esac

xx_names
case $xx_query in
  triple) xx_answer "$xx_triple" ;;
  pair) xx_answer "$xx_os-$xx_arch$xx_variant" ;;
  folder) xx_answer "${xx_os}_${xx_arch}${xx_variant:+_$xx_variant}" ;;
  is-cross)
    if xx_cross; then exit 0; else exit 1; fi
    ;;
  sysroot)
    xx_sysroot
    xx_answer "$xx_sysroot"
    ;;
esac

# What uname -m prints on the target, and the names of its architecture in packages.
xx_march='' xx_alpine_arch='' xx_debian_arch='' xx_rpm_arch=''
case $xx_platform in
  # table: architectures
  linux/amd64) xx_march=x86_64 xx_alpine_arch=x86_64 xx_debian_arch=amd64 xx_rpm_arch=x86_64 ;;
    # end
esac
case $xx_vendor in
  # table: architecture-of-vendors
  debian | ubuntu) xx_pkg_arch=$xx_debian_arch ;;
  # end
  *) xx_pkg_arch='' ;;
esac
xx_pkg_arch=${xx_pkg_arch:-$xx_arch}

xx_answer_if_any() {
  [ -z "$1" ] || xx_answer "$1"
  xx_fail "$xx_platform has no $xx_query"
}

case $xx_query in
  pkg-arch) xx_answer "$xx_pkg_arch" ;;
  march) xx_answer_if_any "$xx_march" ;;
  alpine-arch) xx_answer_if_any "$xx_alpine_arch" ;;
  debian-arch) xx_answer_if_any "$xx_debian_arch" ;;
  rhel-arch) xx_answer_if_any "$xx_rpm_arch" ;;
  env)
    printf 'XX_OS=%s\nXX_OS_VERSION=%s\n' "$xx_os" "$xx_os_version"
    printf 'XX_ARCH=%s\nXX_MARCH=%s\nXX_VENDOR=%s\n' "$xx_arch" "$xx_march" "$xx_vendor"
    [ -z "$xx_with_libc" ] || printf 'XX_PKG_ARCH=%s\n' "$xx_pkg_arch"
    printf 'XX_TRIPLE=%s\nXX_LIBC=%s\n' "$xx_triple" "$xx_libc"
    printf 'TARGETOS=%s\nTARGETARCH=%s\nTARGETVARIANT=%s\n' "$xx_os" "$xx_arch" "$xx_variant"
    exit
    ;;
esac

# The names of other tools depend on the platform, and some on the libc.
case $xx_libc in
  musl*) xx_platform=$xx_platform:musl ;;
  *) xx_platform=$xx_platform:gnu ;;
esac
xx_fail_without() {
  xx_fail "${xx_platform%:*} has no $xx_query"
}
# table: lookups
if [ "$xx_query" = go-env ]; then
  case $xx_platform in
    linux/amd64:*) xx_answer 'GOOS=linux GOARCH=amd64' ;;
  esac
  xx_fail_without
fi
# end
xx_fail "unknown query: $xx_query" 'hint: xx-info --help lists them'
