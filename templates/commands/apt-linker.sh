# Whether the essentials have to bring a linker.

. ./clang.sh

. ./linker.sh

# Whether there is a clang and no linker for what it compiles for the target.
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
