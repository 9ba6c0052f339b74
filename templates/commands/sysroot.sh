# The directory that stands for the target's /, with a slash at its end, in xx_sysroot. Needs the
# names of the target.
xx_sysroot() {
  xx_sysroot='' xx_foreign_root=''
  case $xx_os in
    # table: sdks
    darwin) xx_first_folder /xx-sdk/MacOSX*.sdk/ /xx-sdk/MacOSX11.1.sdk/ ;;
      # end
  esac
  [ -z "$xx_sysroot" ] || return 0
  xx_sysroot=/
  case $xx_id in
    # table: foreign-roots
    alpine) xx_foreign_root=1 ;;
      # end
  esac
  if [ -n "$xx_foreign_root" ] && xx_cross; then xx_sysroot=/$xx_triple/; fi
}

# The first of these directories that exists, or else the last.
xx_first_folder() {
  for xx_sysroot; do
    [ ! -d "$xx_sysroot" ] || return 0
  done
}
