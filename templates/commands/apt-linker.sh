# Whether a linker is missing that the essentials should bring.

. ./clang.sh

. ./linker.sh

# Whether clang is here and nothing links what it compiles for the target.
xx_lacks_linker() {
  xx_bin=/usr/bin xx_sdk=''
  set +f
  xx_clang_triple
  xx_linker_facts "$xx_platform"
  xx_status=1
  if xx_find_clang && xx_ask_clang && ! xx_choose_linker; then xx_status=0; fi
  set -f
  return "$xx_status"
}
