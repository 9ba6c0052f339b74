# The newest release of GCC that has libraries for both C and C++, in xx_gcc.
xx_gcc=''
for xx_word in $xx_found; do
  case $xx_word in
    libgcc-*-dev"$xx_of"=*)
      xx_number=${xx_word#libgcc-} xx_number=${xx_number%%-dev*}
      if xx_has "libstdc++-$xx_number-dev$xx_of" && [ "$xx_number" -gt "${xx_gcc:-0}" ]; then
        xx_gcc=$xx_number
      fi
      ;;
  esac
done

# The package with a linker for the target that runs on this machine, in xx_linker: lld if its
# version supports the target, else binutils.
xx_linker=''
xx_lld() {
  xx_has "$1" || return 1
  xx_number=${xx_found#*" $1="} xx_number=${xx_number%% *}
  xx_number=${xx_number#*:} xx_number=${xx_number%%[!0-9]*}
  [ "${xx_number:-0}" -ge "${xx_lld_since:-0}" ] || return 1
  xx_linker=$1
}
if [ -n "$xx_binutils" ]; then
  xx_lld lld || :
  if [ -z "$xx_linker" ] || [ "$xx_number" != "$xx_clang_version" ]; then
    xx_lld "lld-$xx_clang_version" || :
  fi
  if [ -z "$xx_linker" ] && xx_has "$xx_binutils"; then xx_linker=$xx_binutils; fi
fi
