#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_APK-}" ]; then set -x; fi

# The verb: the first word that is neither an option nor the value of one.
xx_verb='' xx_value='' xx_place=0
for xx_word; do
  xx_place=$((xx_place + 1))
  case $xx_value$xx_word in
    1*) xx_value='' ;;
    --repository | --root | --arch | --cache-dir | --cache-max-age | --keys-dir | \
      --progress-fd | --repositories-file | --wait | --timeout | --virtual)
      xx_value=1
      ;;
    --*) ;;
    -?*)
      case ${xx_word#"${xx_word%%[Xpt]*}"} in
        ?) xx_value=1 ;;
      esac
      ;;
    *)
      xx_verb=$xx_word
      break
      ;;
  esac
done
[ -n "$xx_verb" ] || exec apk "$@"

. ./target.sh

xx_target

. ./triple.sh

. ./cross.sh

. ./packages.sh

. ./aside.sh

# A root is named after the triple of its packages, whatever else the environment says.
# table: overrides
unset ARM_TARGET_ARCH RISCV64_TARGET_ARCH
# end

xx_system_facts
# table: system
xx_id=alpine xx_vendor=alpine xx_libc=musl
# end
xx_row "$xx_platform" || xx_unsupported
xx_compose
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
    xx_fail "there are no packages for $xx_platform" \
      'hint: xx-info alpine-arch says what there is'
    ;;
esac
command -v apk >/dev/null ||
  xx_fail 'apk: not found' \
    'hint: this system has other packages; xx-apt and xx-dnf are for those of Debian and Fedora'

xx_root=''
if xx_cross; then xx_root=/$xx_triple; fi

# Prepares the root: the repositories and keys of this system, the keys of the target, its
# architecture, and nothing else. If the architecture is there, the root is complete, or somebody
# completes it. apk writes the architecture too soon, so whatever ends the preparation removes it,
# and it does not count beside what a kill left.
xx_prepare() {
  for xx_file in "$xx_root"/etc/.xxpy-[0-9]*-*; do
    if [ -e "$xx_file" ] && ! xx_is_at_work "$xx_file"; then rm -f "$xx_root/etc/apk/arch"; fi
  done
  [ ! -s "$xx_root/etc/apk/arch" ] || return 0
  xx_aside "$xx_root/etc/apk"
  trap 'rm -rf "$xx_root/etc/apk/arch" "$xx_new"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$xx_new/apk/keys" || xx_fail "$xx_root cannot be made" 'hint: that needs root'
  set -- "$xx_new/apk"
  for xx_file in /etc/apk/repositories /etc/apk/repositories.d /etc/apk/keys; do
    [ ! -e "$xx_file" ] || set -- "$xx_file" "$@"
  done
  # The files that links point to are not in the root, so they are copied; a dangling link stays
  # one.
  [ "$#" = 1 ] || cp -RL "$@" 2>/dev/null || cp -R "$@"
  set -- "/usr/share/apk/keys/$xx_arch_name"/*
  [ ! -e "$1" ] || cp "$@" "$xx_new/apk/keys"
  if [ -d "$xx_root/etc/apk" ] || ! mv -T "$xx_new/apk" "$xx_root/etc/apk" 2>/dev/null; then
    cp -R "$xx_new/apk/." "$xx_root/etc/apk"
  fi
  set -- --initdb --no-cache add --no-scripts alpine-keys
  xx_show apk --root "$xx_root" --arch "$xx_arch_name" "$@"
  # apk does not lock a root without a database, so another process may have added the keys at the
  # same time; then there is a database now.
  apk --root "$xx_root" --arch "$xx_arch_name" --wait 60 "$@" >&2 ||
    { grep -qs '^P:alpine-keys$' "$xx_root"/lib/apk/db/installed \
      "$xx_root"/usr/lib/apk/db/installed &&
      apk --root "$xx_root" --arch "$xx_arch_name" --wait 60 "$@" >&2; } ||
    xx_fail "the root $xx_root cannot be prepared" \
      'hint: see the messages of apk above; the repository may lack this architecture'
  printf '%s\n' "$xx_arch_name" >"$xx_root/etc/apk/arch"
  xx_done
  rm -rf "$xx_new"
}

# Calls $1 for each file in the root that the compilers of this machine expect in their own system.
xx_each_library() {
  for xx_file in "$xx_root"/usr/lib/rustlib/*/lib; do
    [ ! -d "$xx_file" ] || "$1" "${xx_file%/lib}"
  done
  for xx_file in "$xx_root"/usr/lib/clang/*/lib/*/* "$xx_root"/usr/lib/llvm*/lib/clang/*/lib/*/*; do
    [ ! -e "$xx_file" ] || "$1" "$xx_file"
  done
}
xx_link() {
  xx_place=${1#"$xx_root"}
  [ ! -e "$xx_place" ] || return 0
  [ -d "${xx_place%/*}" ] || mkdir -p "${xx_place%/*}"
  ln -sf "$1" "$xx_place"
}
xx_unlink() {
  xx_place=${1#"$xx_root"}
  [ ! -L "$xx_place" ] || [ "$(readlink "$xx_place")" != "$1" ] || rm "$xx_place"
}

case $xx_verb in
  setup)
    [ -z "$xx_root" ] || xx_prepare
    exit
    ;;
  clean)
    [ -n "$xx_root" ] || exit 0
    xx_each_library xx_unlink
    # First what says that the root is complete, and apk's list of what is installed.
    exec rm -rf "$xx_root/etc/apk/arch" "$xx_root/lib/apk" "$xx_root/usr/lib/apk" "$xx_root"
    ;;
esac

# The command line with the names of the essentials replaced. Scripts of packages cannot run in the
# root, because it has programs of the target only. Another process may be using the root.
for xx_word; do
  shift
  xx_place=$((xx_place - 1))
  case $xx_place/$xx_word in
    -*/xx-c-essentials) set -- "$@" musl-dev gcc ;;
    -*/xx-cxx-essentials) set -- "$@" g++ ;;
    0/*)
      set -- "$@" "$xx_word"
      case $xx_root/$xx_verb in
        /*/add | /*/del | /*/fix | /*/upgrade) set -- "$@" --no-scripts --wait=60 ;;
      esac
      ;;
    *) set -- "$@" "$xx_word" ;;
  esac
done
if [ -n "$xx_root" ]; then
  xx_prepare
  set -- --root "$xx_root" "$@"
fi
xx_show apk "$@"
case $xx_root/$xx_verb in
  /*/add | /*/fix | /*/upgrade) ;;
  *) exec apk "$@" ;;
esac
apk "$@"
xx_each_library xx_link
if [ -z "${XX_APK_KEEP_BINARIES-}" ]; then
  # A directory that is a link may lead out of the root.
  set --
  for xx_folder in bin sbin usr/bin usr/sbin; do
    [ -L "$xx_root/$xx_folder" ] || set -- "$@" "$xx_root/$xx_folder"/*
  done
  exec rm -rf "$@"
fi
