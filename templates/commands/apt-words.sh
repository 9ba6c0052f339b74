# What a word of the command line is, in xx_kind: an option or the value of one (option), the verb,
# a package, essentials, or a word that stays as it is (kept): with a version, a release, an
# architecture or a pattern in it, or a file.
xx_begin() {
  xx_verb='' xx_value=''
}
xx_look() {
  xx_kind=option
  if [ -n "$xx_value" ]; then
    xx_value=''
    return
  fi
  case $1 in
    --option | --config-file | --default-release | --target-release | --solver | --planner)
      xx_value=1
      ;;
    --*) ;;
    -?*)
      # Short options may share a word (-yt stable): the first one that takes a value takes the rest
      # of the word, or the next word.
      case ${1#"${1%%[oct]*}"} in
        ?) xx_value=1 ;;
      esac
      ;;
    *)
      if [ -z "$xx_verb" ]; then
        xx_verb=$1 xx_kind=verb
        return
      fi
      case $1 in
        xx-c-essentials | xx-cxx-essentials) xx_kind=essentials ;;
        '' | [!a-z0-9]* | *[!a-z0-9.+-]* | *-) xx_kind=kept ;;
        *) xx_kind=package ;;
      esac
      ;;
  esac
}
