# What packages for the target are called.

# The name of a package as one for the target, in xx_named; empty when there is none.
xx_name() {
  xx_named=$1
  if [ -n "$xx_suffix" ]; then
    xx_has "$1-$xx_suffix" && xx_named=$1-$xx_suffix && return
    case $1 in
      # One that is for Windows by its own name.
      *mingw-w64*) ! xx_has "$1" || return 0 ;;
    esac
    xx_named=''
  elif [ -n "$xx_is_cross" ]; then
    if xx_has "$1-$xx_dashed"; then
      xx_named=$1-$xx_dashed
    elif [ "${XX_APT_PREFER_CROSS-}" = 1 ] && xx_has "$1-$xx_arch_name-cross"; then
      xx_named=$1-$xx_arch_name-cross
    else
      case $xx_verb$1 in
        # apt list knows no architectures in names, and lists all of them.
        list*) ;;
        # A sign behind the name of a package, unless it belongs to the name as in g++.
        *+) ! xx_has "$1" || xx_named=$1:$xx_arch_name ;;
        *) xx_named=$1:$xx_arch_name ;;
      esac
    fi
  fi
}

# The packages that a word stands for, in xx_names.
xx_essentials() {
  xx_names=$1
  case $1:$xx_suffix in
    xx-c-essentials: | xx-cxx-essentials:)
      [ -n "$xx_gcc" ] ||
        xx_fail "there are no libgcc-N-dev and libstdc++-N-dev for $xx_arch_name" \
          "hint: apt-cache policy libc6-dev:$xx_arch_name"
      ;;
  esac
  case $1:$xx_suffix in
    xx-c-essentials:) xx_names="libc6-dev libgcc-$xx_gcc-dev" ;;
    xx-cxx-essentials:) xx_names="libstdc++-$xx_gcc-dev" ;;
    xx-c-essentials:*) xx_names="$xx_suffix-dev gcc-$xx_suffix" ;;
    xx-cxx-essentials:*) xx_names="g++-$xx_suffix" ;;
  esac
}
