# Reads a file with od, and what all formats share.

xx_bad() {
  xx_fail "$xx_file: $1"
}

# Reads $2 bytes of the file from offset $1, as hexadecimal words, into xx_bytes.
xx_read() {
  xx_bytes=$(od -A n -v -t x1 -j "$1" -N "$2" "$xx_file" 2>/dev/null) || xx_bytes=''
}

# Finds the $2 bytes at offset $1 of the file: in the head that was read first (xx_where=start), or
# reads them into xx_bytes (xx_where=further). xx_where is empty if the file does not have them, or
# if they are more than $3.
xx_locate() {
  xx_where=''
  if [ "$1" -lt 0 ] || [ "$1" -gt $((1 << 60)) ] || [ "$2" -lt 0 ] || [ "$2" -gt "$3" ]; then
    return
  fi
  if [ $(($1 + $2)) -le "$xx_have" ]; then
    xx_where=start
    return
  fi
  xx_length=$2
  xx_read "$1" "$2"
  # shellcheck disable=SC2086 # words of two digits
  set -- $xx_bytes
  if [ "$#" -eq "$xx_length" ]; then xx_where=further; fi
}

# Fails if the file ends before offset $1.
xx_reaches() {
  if [ "$1" -le "$xx_have" ]; then return; fi
  if [ "$1" -gt $((1 << 60)) ]; then xx_bad truncated; fi
  xx_read $(($1 - 1)) 1
  if [ -z "$xx_bytes" ]; then xx_bad truncated; fi
}

xx_wrong_system() {
  xx_bad "the $1 does not match expected target OS $xx_os"
}

# Compares the machine, the width and the byte order with those of the target.
xx_check_machine() {
  if [ "$xx_file_machine" != "$xx_machine" ] || [ "$xx_file_bits" != "$xx_bits" ]; then
    case $xx_format:$xx_file_machine:$xx_file_bits:$xx_order in
      # table: machines
      elf:62:64:little | macho:16777223:64:little) xx_word=amd64 ;;
      # end
      *) xx_word="machine $xx_file_machine ($xx_file_bits bits)" ;;
    esac
    xx_bad "the architecture $xx_word does not match expected target architecture $xx_arch"
  fi
  if [ "$xx_order" != "$xx_byte_order" ]; then
    xx_bad "the byte order $xx_order does not match expected target endianness $xx_byte_order"
  fi
}
