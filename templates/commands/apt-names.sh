# The names of packages for the target.

# The name of package $1 for the target, in xx_named; empty if there is none.
xx_name() {
  xx_named=$1
  if [ -n "$xx_suffix" ]; then
    xx_has "$1-$xx_suffix" && xx_named=$1-$xx_suffix && return
    case $1 in
      # A package that is for Windows already.
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
        # apt list takes no architecture in names, and lists all of them.
        list*) ;;
        # A plus sign after the name is an order to apt, unless the name has it, as g++ does.
        *+) ! xx_has "$1" || xx_named=$1:$xx_arch_name ;;
        *) xx_named=$1:$xx_arch_name ;;
      esac
    fi
  fi
}

# The packages that the word $1 stands for, in xx_names.
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
