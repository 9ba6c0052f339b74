# The parts of a set-up: each function lays down one.

# Links the name $1 to the command $2: relatively, if it is in the same directory.
xx_link() {
  case ${2%/*} in
    "$xx_bin") xx_lay 2 "$xx_new/$1" 0777 "${2##*/}" ;;
    *) xx_lay 2 "$xx_new/$1" 0777 "$2" ;;
  esac
}

# A script of the set-up: its name, what it is, and its lines.
xx_script() {
  xx_lay 0 "$xx_new/$1" 0755 "#!/bin/sh
# $2. Made by xxpy, do not edit.
$3
"
}

# TRIPLE-clang and TRIPLE-clang++. Links are enough if clang finds the configuration beside itself.
# A script names the configuration if that directory is read-only, if clang is a script itself, or
# if the triple has a dot, at which clang before 16 cuts the name off.
xx_lay_clang() {
  xx_beside=${xx_real%/*}/$xx_spelled.cfg
  if [ "$xx_clang_version" -lt 16 ]; then
    xx_beside=${xx_real%/*}/$xx_triple.cfg
    case $xx_triple in
      *.*) xx_beside='' ;;
    esac
  elif [ "$xx_triple" != "$xx_clang_triple" ]; then
    # clang does not know the first word as an architecture: then it looks for the name as it is.
    xx_beside=${xx_real%/*}/$xx_triple.cfg
  fi
  # A script that runs clang, such as ccache, does not pass its own name on.
  IFS= read -r xx_line <"$xx_clang" || :
  case $xx_line in
    '#!'*) xx_beside='' ;;
  esac
  if [ -n "$xx_beside" ] && [ "$xx_bin" = /usr/bin ] &&
    { [ -h "$xx_beside" ] || [ -w "${xx_beside%/*}" ]; }; then
    if [ "$xx_beside" != "$xx_bin/$xx_triple.cfg" ]; then
      # A file that is no link is an old copy.
      if [ -e "$xx_beside" ] && [ ! -h "$xx_beside" ]; then rm "$xx_beside"; fi
      [ -h "$xx_beside" ] || xx_lay 2 "$xx_beside" 0777 "$xx_bin/$xx_triple.cfg"
    fi
    xx_link "$xx_triple-clang" "$xx_clang"
    xx_link "$xx_triple-clang++" "$xx_clang"
    return
  fi
  for xx_name in clang clang++; do
    xx_mode=''
    [ "$xx_name" = clang ] || xx_mode=' --driver-mode=g++'
    xx_script "$xx_triple-$xx_name" "$xx_name for $xx_triple" "case \"\${1-} \$* \" in
  -cc1*) exec '$xx_clang' \"\$@\" ;;
  *' --config '* | *' --config='*) exec '$xx_clang'$xx_mode --target=$xx_clang_triple \"\$@\" ;;
esac
exec '$xx_clang'$xx_mode --config '$xx_bin/$xx_triple.cfg' \"\$@\""
  done
}

# Plain clang: --target=TRIPLE uses the set-up of TRIPLE. clang 16 and later do so themselves if
# they are called clang.
xx_lay_plain() {
  xx_home=/usr/local/bin
  [ "$xx_bin" = /usr/bin ] || xx_home=$xx_bin
  if [ "$xx_clang_version" -ge 16 ] && [ "${xx_clang##*/}" = clang ] &&
    [ -n "$xx_is_cross" ] && [ "$xx_bin" = /usr/bin ]; then
    return
  fi
  xx_script clang.xxpy 'clang, with what is set up for --target=TRIPLE' \
    "xx_suffix='' xx_mode='' xx_triple='' xx_previous='' xx_config='$xx_default'
case \$0 in
  *++) xx_suffix=++ xx_mode=--driver-mode=g++ ;;
esac
for xx_word; do
  case \$xx_previous:\$xx_word in
    -target:*) xx_triple=\$xx_word ;;
    *:--target=*) xx_triple=\${xx_word#*=} ;;
    *:--config | *:--config=* | :-cc1*) xx_config='' ;;
  esac
  xx_previous=\$xx_word
done
xx_real='$xx_bin'/\$xx_triple-clang\$xx_suffix
if [ -n \"\$xx_triple\" ] && [ -x \"\$xx_real\" ]; then exec \"\$xx_real\" \"\$@\"; fi
if [ -n \"\$xx_triple\" ] || [ ! -e \"\$xx_config\" ]; then exec '$xx_clang' \$xx_mode \"\$@\"; fi
exec '$xx_clang' \$xx_mode --config \"\$xx_config\" \"\$@\""
  xx_lay_folder "$xx_home"
  for xx_name in clang clang++; do
    # A killed tar leaves an empty file in place of a link.
    xx_found=$xx_home/$xx_name
    if [ -f "$xx_found" ] && [ ! -s "$xx_found" ] && [ ! -h "$xx_found" ]; then
      rm -f "$xx_found"
    fi
    if [ ! -e "$xx_found" ] && [ ! -h "$xx_found" ]; then
      xx_lay 2 "$xx_found" 0777 "$xx_bin/clang.xxpy"
    fi
  done
}

# TRIPLE-pkg-config finds files of the target only.
xx_lay_pkg_config() {
  ! xx_is_kept "$xx_triple-pkg-config" || return 0
  xx_root=${xx_sysroot%/} xx_libraries=${xx_library_triple:-$xx_triple}
  if [ -n "$xx_usr_triple" ]; then
    xx_root='' xx_libraries=/usr/$xx_triple/lib/pkgconfig:/usr/$xx_triple/share/pkgconfig
  elif [ -n "$xx_root" ]; then
    xx_libraries=$xx_root/usr/lib/pkgconfig:$xx_root/usr/share/pkgconfig
  else
    xx_usr=/usr/lib/$xx_libraries/pkgconfig:/usr/share/pkgconfig
    xx_libraries=/usr/local/lib/$xx_libraries/pkgconfig:/usr/local/share/pkgconfig:$xx_usr
  fi
  xx_lines="exec pkg-config \"\$@\""
  if [ -n "$xx_root" ] && [ -n "$xx_is_cross" ]; then
    xx_lines="export PKG_CONFIG_SYSROOT_DIR=\"\${PKG_CONFIG_SYSROOT_DIR-$xx_root}\"
$xx_lines"
  fi
  if [ -n "$xx_is_cross" ]; then
    xx_lines="export PKG_CONFIG_LIBDIR=\"\${PKG_CONFIG_LIBDIR-$xx_libraries}\"$xx_newline$xx_lines"
  fi
  xx_script "$xx_triple-pkg-config" "pkg-config for $xx_triple" "$xx_lines"
}

# The tools of LLVM as TRIPLE-TOOL; one that PATH has already is kept.
xx_lay_tools() {
  xx_tools='addr2line ar as ranlib nm dlltool strip readelf profdata'
  for xx_name in $xx_tools ${xx_usr_triple:+windres}; do
    if xx_is_kept "$xx_triple-$xx_name"; then continue; fi
    for xx_tool in /usr/bin "${xx_clang%/*}" "${xx_real%/*}" ''; do
      [ -n "$xx_tool" ] || break
      xx_tool=$xx_tool/llvm-$xx_name
      [ ! -x "$xx_tool" ] || break
    done
    case $xx_tool:$xx_triple in
      :*) ;;
      *.*)
        xx_script "$xx_triple-$xx_name" "llvm-$xx_name for $xx_triple" "exec '$xx_tool' \"\$@\""
        ;;
      *) xx_link "$xx_triple-$xx_name" "$xx_tool" ;;
    esac
  done
}

# As much of xcrun as compilers need.
xx_lay_xcrun() {
  ! xx_is_kept xcrun || return 0
  xx_version=${xx_sdk##*/MacOSX}
  xx_script xcrun 'xcrun, as far as compilers ask it' "while [ \$# -gt 0 ]; do
  case \$1 in
    --show-sdk-path | -show-sdk-path) echo '$xx_sdk' && exit ;;
    --show-sdk-version | -show-sdk-version) echo '${xx_version%.sdk}' && exit ;;
    --sdk | -sdk) shift ;;
    --find | -find | -f) command -v \"\$2\" && exit ;;
    --run | -run | -r) ;;
    -*) echo \"xcrun: unknown option \$1\" >&2 && exit 1 ;;
    *) exec \"\$@\" ;;
  esac
  shift
done"
}

# clang looks for GCC's directories by version alone; mingw-w64 appends the thread model to it.
xx_lay_mingw() {
  for xx_found in "/usr/lib/gcc/$xx_triple"/[0-9]*-win32 "/usr/lib/gcc/$xx_triple"/[0-9]*-*; do
    xx_name=${xx_found%-*}
    if [ -d "$xx_found" ] && [ -w "${xx_found%/*}" ] && [ ! -e "$xx_name" ]; then
      xx_lay 2 "$xx_name" 0777 "${xx_found##*/}"
    fi
  done
}

# Alpine with another vendor in the triple: the directories under Alpine's own triple get that name
# too.
xx_lay_vendor() {
  [ -n "$xx_foreign_root" ] && [ -n "$xx_with_libc" ] || return 0
  case $xx_triple in
    *-"$xx_id"-*) return ;;
    *-*-*-*) xx_known=${xx_triple%%-*}-$xx_id-${xx_triple#*-*-} ;;
    *) return ;;
  esac
  xx_root=''
  if [ -n "$xx_is_cross" ]; then
    xx_root=/$xx_known
    [ -e "/$xx_triple" ] || [ -h "/$xx_triple" ] || ln -s "$xx_known" "/$xx_triple"
  fi
  [ -d "$xx_root/usr/lib/gcc" ] || mkdir -p "$xx_root/usr/lib/gcc"
  xx_link=$xx_root/usr/lib/gcc/$xx_triple
  [ -e "$xx_link" ] || [ -h "$xx_link" ] || ln -s "$xx_known" "$xx_link"
}

# The configuration of plain clang without --target.
xx_lay_default() {
  xx_line=''
  if [ -e "$xx_default" ]; then IFS= read -r xx_line <"$xx_default" || :; fi
  case $xx_line in
    "-fuse-ld=$xx_linker") ;;
    *)
      xx_lay_folder "${xx_default%/*}"
      xx_lay 0 "$xx_new/.default/xx-default.cfg" 0644 "-fuse-ld=$xx_linker$xx_newline"
      ;;
  esac
}
