# Reads a PE file.
xx_pe() {
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_head
  xx_order=little
  if [ "$#" -lt 64 ]; then xx_bad truncated; fi
  xx_start=$((0x${64}${63}${62}${61}))
  xx_locate "$xx_start" 76 76
  # shellcheck disable=SC2086 # words of two digits
  case $xx_where in
    start) shift "$xx_start" ;;
    further) set -- $xx_bytes ;;
    *) xx_bad truncated ;;
  esac
  if [ "$1$2$3$4" != 50450000 ]; then xx_bad 'not a PE file'; fi
  xx_file_machine=$((0x$6$5))
  case ${26}${25} in
    010b) xx_file_bits=32 ;;
    020b) xx_file_bits=64 ;;
    *) xx_bad 'corrupt PE header' ;;
  esac
  xx_reaches $((xx_start + 24 + 0x${22}${21} + 0x$8$7 * 40))
  xx_check_machine
}

# Sets the width for machine $1 of a COFF object.
xx_coff_machine() {
  xx_order=little xx_file_machine=$1
  case $1 in
    # table: machines
    34404 | 43620) xx_file_bits=64 ;;
    # end
    *) xx_bad 'corrupt COFF header' ;;
  esac
}

# Reads a member of an import library.
xx_import() {
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_head
  if [ "$#" -lt 20 ]; then xx_bad truncated; fi
  xx_coff_machine $((0x$8$7))
  xx_check_machine
}

# Reads a COFF object with more sections than usual (/bigobj).
xx_big() {
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_head
  if [ "$#" -lt 56 ]; then xx_bad truncated; fi
  xx_coff_machine $((0x$8$7))
  shift 12
  xx_word=$1$2$3$4$5$6$7$8$9${10}${11}${12}${13}${14}${15}${16}
  if [ "$xx_word" != c7a1bad1eebaa94baf20faf66aa4dcb8 ]; then
    xx_bad 'corrupt COFF header'
  fi
  shift 32
  xx_reaches $((56 + 0x$4$3$2$1 * 40))
  xx_reaches $((0x$8$7$6$5 + 0x${12}${11}${10}$9 * 20))
  xx_check_machine
}

# Reads a COFF object. Only its machine marks it as one, so all its tables have to be in the file.
xx_coff() {
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_head
  if [ "$#" -lt 20 ]; then xx_bad truncated; fi
  xx_coff_machine $((0x$2$1))
  xx_optional=$((0x${18}${17}))
  if [ "$xx_optional" -gt 0 ]; then
    if [ "$#" -lt 22 ]; then xx_bad truncated; fi
    case $xx_file_bits:${22}${21} in
      32:010b | 64:020b) ;;
      *) xx_bad 'corrupt COFF header' ;;
    esac
  fi
  xx_reaches $((20 + xx_optional + 0x$4$3 * 40))
  xx_reaches $((0x${12}${11}${10}$9 + 0x${16}${15}${14}${13} * 18))
  xx_check_machine
}
