#!/bin/sh
set -eu
if [ -n "${XX_DEBUG_VERIFY-}" ]; then set -x; fi

xx_usage='Usage: xx-verify [--static] [--libc gnu|musl] [--setup] FILE...'

. ./target.sh

xx_target

# Flags may be anywhere; the remaining words are files.
xx_static=${XX_VERIFY_STATIC-} xx_wanted_libc='' xx_setup='' xx_flags=1
xx_count=$#
while [ "$xx_count" -gt 0 ]; do
  xx_count=$((xx_count - 1))
  xx_word=$1
  shift
  case $xx_flags$xx_word in
    1--) xx_flags='' ;;
    1--static) xx_static=1 ;;
    1--setup) xx_setup=1 ;;
    1--libc=gnu | 1--libc=musl) xx_wanted_libc=${xx_word#*=} ;;
    1--libc)
      case $xx_count:${1-} in
        0:*) xx_fail "$xx_usage" ;;
        *:gnu | *:musl) xx_wanted_libc=$1 ;;
        *) xx_fail "invalid flag --libc $1" "$xx_usage" ;;
      esac
      xx_count=$((xx_count - 1))
      shift
      ;;
    1--help | 1-h)
      printf '%s\n' "$xx_usage" '' \
        'Check that every FILE is a binary for the target, and stop at the first that is not.' \
        '' \
        '  --static          require statically linked programs (XX_VERIFY_STATIC=1)' \
        '  --libc gnu|musl   require the loader of this C library' \
        '  --setup           without FILE, do nothing and succeed' \
        '  -h, --help        print this help'
      exit
      ;;
    1-?*) xx_fail "invalid flag $xx_word" "$xx_usage" ;;
    *) set -- "$@" "$xx_word" ;;
  esac
done
if [ "$#" -eq 0 ]; then
  if [ -n "$xx_setup" ]; then exit; fi
  xx_fail "$xx_usage"
fi

# What a binary for the target looks like. xx_format says how to read xx_machine.
xx_osabi=0 xx_osabi_gnu=0 xx_note='' xx_stated='' xx_level='' xx_float=''
xx_loader_gnu='' xx_loader_musl=''
case $xx_platform in
  # table: rows
  windows/amd64) xx_format=pe xx_machine=34404 xx_bits=64 xx_byte_order=little ;;
  # end
  *)
    case $xx_os in
      # table: systems
      linux | windows) xx_known=1 ;;
      # end
      *) xx_fail "unsupported target os: $xx_os" ;;
    esac
    xx_fail "unsupported target architecture: $xx_arch${xx_variant:+/$xx_variant}"
    ;;
esac

. ./verify-read.sh

. ./verify-elf.sh

. ./verify-elf-judge.sh

. ./verify-arm.sh

. ./verify-pe.sh

. ./verify-macho.sh

for xx_file in "$@"; do
  if [ ! -e "$xx_file" ]; then
    if [ -L "$xx_file" ]; then xx_bad 'dangling link'; fi
    xx_bad 'file not found'
  fi
  if [ -d "$xx_file" ]; then xx_bad 'a directory, not a file'; fi
  if [ ! -f "$xx_file" ]; then xx_bad 'not a file'; fi
  if [ ! -r "$xx_file" ]; then xx_bad 'cannot be read'; fi
  if [ ! -s "$xx_file" ]; then xx_bad 'empty file'; fi
  case $xx_file in
    -*) xx_file=./$xx_file ;;
  esac
  xx_read 0 4096
  xx_head=$xx_bytes
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_bytes
  xx_have=$#
  case ${1-}${2-}${3-}${4-} in
    7f454c46) xx_found=elf ;;
    4d5a*) xx_found=pe ;;
    cffaedfe | cefaedfe | feedfacf | feedface) xx_found=macho ;;
    cafebabe) xx_found=fat20 ;;
    cafebabf) xx_found=fat32 ;;
    0061736d) xx_found=wasm ;;
    213c6172 | 213c7468) xx_bad 'an archive, which xxpy verify reads' ;;
    504b0304) xx_bad 'a zip file, which xxpy verify reads' ;;
    2321*) xx_bad 'a script' ;;
    0000ffff)
      case ${5-}${6-} in
        0000) xx_found=import ;;
        0200) xx_found=big ;;
        *) xx_bad 'not a binary' ;;
      esac
      ;;
    *0000 | *[89a-f]?) xx_bad 'not a binary' ;;
    *)
      case ${1-}${2-} in
        # table: marks-of-coff
        4c01 | c401) xx_found=coff ;;
        # end
        *) xx_bad 'not a binary' ;;
      esac
      ;;
  esac
  case $xx_format:$xx_found in
    elf:elf) xx_elf ;;
    pe:pe) xx_pe ;;
    pe:coff) xx_coff ;;
    pe:import) xx_import ;;
    pe:big) xx_big ;;
    macho:macho)
      xx_macho 0 $((1 << 60)) "$@"
      if [ -n "$xx_wrong" ]; then xx_bad "$xx_wrong"; fi
      xx_check_machine
      ;;
    macho:fat*) xx_fat "${xx_found#fat}" ;;
    wasm:wasm)
      case ${5-}${6-}${7-}${8-} in
        01000000) ;;
        *) xx_bad 'not a WebAssembly module of version 1' ;;
      esac
      ;;
    *) xx_wrong_system "OS of a file of the format $xx_found" ;;
  esac
done
