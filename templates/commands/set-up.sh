# Sets up clang for TRIPLE, in xx_bin. xx_set_up needs the names of the target, xx_ready, xx_aside,
# and xx_find_further_linker, which is tried when no linker was found. Everything is made in a
# directory aside and renamed into place, TRIPLE.cfg last, so that neither a kill nor a second
# set-up at the same time does any harm.

. ./clang.sh

. ./linker.sh

# Whether $1 exists already, in the directory of the set-up or on PATH; then it is kept.
xx_is_kept() {
  [ -x "$xx_bin/$1" ] || xx_on_path "$1"
}

# Fails because there is no linker.
xx_no_linker() {
  xx_line="install lld${xx_lld_since:+ $xx_lld_since or newer}"
  xx_line="$xx_line, or the binutils that have $xx_triple-ld"
  xx_has_apt=''
  case $xx_id in
    # table: systems-with-apt
    debian | ubuntu) xx_has_apt=1 ;;
      # end
  esac
  [ -z "$xx_has_apt" ] || xx_line="xx-apt-get install xx-c-essentials brings one; or $xx_line"
  xx_fail "no suitable linker found for $xx_triple (GNU ld or lld${xx_lld_since:+ $xx_lld_since})" \
    "hint: $xx_line"
}

. ./archive.sh

. ./set-up-files.sh

# Fails because something could not be written.
xx_unwritten() {
  xx_fail "clang for $xx_triple cannot be set up in $xx_bin"
}

# Writes all of it, as an archive, to stdout.
xx_lay_all() {
  xx_lay_clang
  xx_lay_plain
  xx_lay_pkg_config
  xx_lay_tools
  [ -z "$xx_sdk" ] || xx_lay_xcrun
  [ -z "$xx_usr_triple" ] || xx_lay_mingw
  [ -z "$xx_ld" ] || xx_lay 2 "$xx_new/$xx_triple-ld" 0777 "$xx_ld"
  [ -n "$xx_is_cross" ] || xx_lay_default
  xx_lay_vendor
  xx_lay 0 "$xx_new/.mark/$xx_triple.cfg" 0644 "$xx_flags$xx_newline"
  # An archive ends in two empty blocks.
  xx_end=$xx_nuls$xx_nuls$xx_nuls$xx_nuls$xx_nuls$xx_nuls
  printf '%b' "$xx_end$xx_end"
}

# Makes the directory of the set-up, in xx_bin. Sets xx_default to what plain clang reads.
xx_make_folder() {
  case $xx_triple in
    '' | *[!A-Za-z0-9_.-]*) xx_fail "malformed triple: $xx_triple" ;;
  esac
  [ -w /usr/bin ] || xx_own_folder
  if [ "$xx_bin" != /usr/bin ]; then
    mkdir -p "$xx_bin" 2>/dev/null ||
      xx_fail "$xx_bin cannot be written" 'hint: set HOME to a folder that can be written'
  fi
  xx_default=/etc/llvm/xx-default.cfg
  [ "$xx_bin" = /usr/bin ] || xx_default=$xx_bin/xx-default.cfg
}

xx_find_sdk() {
  xx_sysroot
  xx_sdk=${xx_sysroot%/}
}

# The directories of headers and libraries.
xx_library_facts() {
  xx_usr_triple='' xx_library_triple=''
  case $xx_platform in
    # table: libraries
    linux/386) xx_library_triple=i386-linux-gnu ;;
      # end
  esac
}

# Finds clang, the linker and the sysroot.
xx_find_parts() {
  xx_clang_triple
  xx_linker_facts "$xx_platform"
  xx_library_facts
  xx_sdk=''
  case $xx_os in
    # table: sdk-systems
    darwin) xx_find_sdk ;;
      # end
  esac
  xx_find_clang || xx_no_clang
  # Both are written into scripts, in single quotes.
  case $xx_clang$xx_bin in
    *\'*) xx_fail "a quote in a path: $xx_clang, $xx_bin" ;;
  esac
  xx_ask_clang || xx_fail "$xx_clang does not answer like clang: $xx_said"
  xx_choose_linker || xx_find_further_linker || xx_no_linker
  # The ld of this machine becomes TRIPLE-ld.
  xx_ld=''
  if [ "$xx_linker" = "$xx_bin/$xx_triple-ld" ] && [ ! -x "$xx_linker" ]; then xx_ld=$xx_found; fi
  xx_is_cross=''
  if xx_cross; then xx_is_cross=1; fi
  xx_sysroot
}

# The line of TRIPLE.cfg, in xx_flags.
xx_choose_flags() {
  xx_flags="--target=$xx_clang_triple -fuse-ld=$xx_linker"
  if [ -n "$xx_sdk" ]; then
    xx_flags="$xx_flags -isysroot $xx_sdk -stdlib=libc++"
  elif [ -n "$xx_usr_triple" ]; then
    xx_flags="$xx_flags -I/usr/$xx_triple/include -L/usr/$xx_triple/lib"
  elif [ "$xx_sysroot" != / ] && [ -n "$xx_with_libc" ]; then
    xx_flags="$xx_flags --sysroot=$xx_sysroot"
    case $xx_linker in
      lld | */ld.lld) ;;
      *) xx_flags="$xx_flags -Wl,-rpath-link,${xx_sysroot}usr/lib" ;;
    esac
  fi
}

xx_set_up() {
  xx_make_folder
  xx_find_parts
  xx_choose_flags

  xx_aside "$xx_bin/$xx_triple.cfg"
  trap 'rm -rf "$xx_new" "$xx_new.tar"' EXIT
  # An archive takes words of this alphabet, of at most 100 bytes.
  xx_tar=''
  case $xx_new$xx_clang$xx_real in
    *[!A-Za-z0-9_.+/-]*) ;;
    *)
      # The longest name is xx_new/TRIPLE-pkg-config.
      if [ $((${#xx_new} + ${#xx_triple})) -lt 88 ] && [ ${#xx_real} -lt 70 ]; then
        ! xx_on_path tar || xx_tar=$xx_found
      fi
      ;;
  esac
  xx_lay_all >"$xx_new.tar"
  # GNU tar makes links that lead out of the directory last, and until then an unreadable empty
  # file, unless it is told to trust names.
  if [ -n "$xx_tar" ]; then
    TAR_OPTIONS=--absolute-names "$xx_tar" -x -m -k -f "$xx_new.tar" -C / 2>/dev/null || :
  fi
  # tar fails if it keeps a link that exists already, so the last file of the archive tells.
  xx_line=''
  if [ -e "$xx_new/.mark/$xx_triple.cfg" ]; then
    IFS= read -r xx_line <"$xx_new/.mark/$xx_triple.cfg" || :
  fi
  [ "$xx_line" = "$xx_flags" ] || xx_unwritten
  if [ -e "$xx_new/.default/xx-default.cfg" ]; then
    mv -f "$xx_new/.default/xx-default.cfg" "$xx_default" || xx_unwritten
  fi
  mv -f "$xx_new"/* "$xx_new/.mark/$xx_triple.cfg" "$xx_bin/" || xx_unwritten
  rm -rf "$xx_new" "$xx_new.tar"
  xx_done
}
