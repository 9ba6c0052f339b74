#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_DNF-}" ]; then set -x; fi

# table: tool
xx_tool=dnf
# end

# The verb: the first word that is neither an option nor the value of one.
xx_verb='' xx_value='' xx_has_release='' xx_has_config='' xx_place=0
for xx_word; do
  [ -n "$xx_verb" ] || xx_place=$((xx_place + 1))
  case $xx_value$xx_word in
    --releasever | --releasever=*) xx_has_release=1 ;;
    -c* | --config | --config=*) xx_has_config=1 ;;
  esac
  case $xx_value$xx_word in
    1*) xx_value='' ;;
    --config | --debuglevel | --errorlevel | --enablerepo | --disablerepo | --repo | --repoid | \
      --repofrompath | --exclude | --setopt | --releasever | --installroot | --forcearch | \
      --enableplugin | --disableplugin | --advisory | --rpmverbosity | --destdir | \
      --downloaddir | --comment | --color)
      xx_value=1
      ;;
    --*) ;;
    -?*)
      case ${xx_word#"${xx_word%%[cdexR]*}"} in
        ?) xx_value=1 ;;
      esac
      ;;
    *) xx_verb=${xx_verb:-$xx_word} ;;
  esac
done
[ -n "$xx_verb" ] || exec "$xx_tool" "$@"

. ./target.sh

xx_target

. ./triple.sh

. ./cross.sh

. ./packages.sh

xx_names
case $xx_platform in
  # table: installable
  linux/amd64 | linux/amd64/*) ;;
  # end
  *) xx_skip '' ;;
esac
case $xx_platform in
  # table: architectures
  linux/arm64 | linux/arm64/*) xx_arch_name=aarch64 ;;
  # end
  *)
    xx_fail "there are no packages for $xx_platform" 'hint: xx-info rhel-arch says what there is'
    ;;
esac
command -v "$xx_tool" >/dev/null ||
  xx_fail "$xx_tool: not found" \
    'hint: this system has other packages; xx-apt and xx-apk are for those of Debian and Alpine'

# The command line with the names of the essentials replaced.
for xx_word; do
  shift
  xx_place=$((xx_place - 1))
  case $xx_place/$xx_word in
    -*/xx-c-essentials) set -- "$@" glibc-devel gcc ;;
    -*/xx-cxx-essentials) set -- "$@" libstdc++-devel ;;
    *) set -- "$@" "$xx_word" ;;
  esac
done

# Packages are installed in a root of their own. It is empty at first, so dnf is told what it
# otherwise reads there: the release (in Red Hat's family without a minor version), the
# configuration and the repositories of this machine. Scripts of packages cannot run in the root,
# because it has programs of the target only.
if xx_cross; then
  set -- "--setopt=tsflags=noscripts" "$@"
  if [ -d /etc/yum.repos.d ]; then set -- --setopt=reposdir=/etc/yum.repos.d "$@"; fi
  if [ -d /etc/dnf/vars ]; then set -- --setopt=varsdir=/etc/dnf/vars "$@"; fi
  if [ -z "$xx_has_config" ] && [ -e /etc/dnf/dnf.conf ]; then
    set -- --config=/etc/dnf/dnf.conf "$@"
  fi
  if [ -z "$xx_has_release" ] && [ -n "$xx_os_version" ]; then
    set -- "--releasever=${xx_os_version%%.*}" "$@"
  fi
  set -- "--forcearch=$xx_arch_name" "--installroot=/$xx_triple" "$@"
fi
xx_show "$xx_tool" "$@"
exec "$xx_tool" "$@"
