# A set-up is one archive, which tar unpacks in one process; without tar, each file is made as it
# comes. A record is a header of 512 bytes and the text. The checksum is the sum of the bytes of the
# header: https://www.gnu.org/software/tar/manual/html_node/Standard.html
xx_ten='\0000\0000\0000\0000\0000\0000\0000\0000\0000\0000'
xx_nuls=$xx_ten$xx_ten$xx_ten$xx_ten$xx_ten$xx_ten$xx_ten$xx_ten$xx_ten$xx_ten
xx_tail=$xx_nuls$xx_nuls$xx_ten$xx_ten$xx_ten$xx_ten'\0000\0000\0000\0000\0000\0000\0000'
xx_ascii='+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz'

# A text in 100 bytes, in xx_field. Adds its bytes to xx_sum.
xx_field() {
  xx_field=$xx_nuls xx_rest=$1
  while [ -n "$xx_rest" ]; do
    xx_key=${xx_rest%"${xx_rest#?}"} xx_rest=${xx_rest#?} xx_field=${xx_field#?????}
    xx_key=${xx_ascii%%"$xx_key"*}
    xx_sum=$((xx_sum + ${#xx_key} + 43))
  done
  xx_field=$1$xx_field
}

# A number below 512 in three octal digits, in xx_octal. Adds them to xx_sum.
xx_octal() {
  xx_octal=$(($1 / 64 % 8))$(($1 / 8 % 8))$(($1 % 8))
  xx_sum=$((xx_sum + $1 / 64 % 8 + $1 / 8 % 8 + $1 % 8))
}

# Makes a directory that everybody can read, whatever the umask, if it does not exist.
xx_lay_folder() {
  [ -d "$1" ] || xx_lay 5 "$1" 0755 ''
}

# xx_lay TYPE PATH MODE TEXT: a file (0) with this text, a link (2) to it, or a directory (5). PATH
# is absolute.
xx_lay() {
  if [ -z "$xx_tar" ]; then
    [ -d "${2%/*}" ] || mkdir -p "${2%/*}" || xx_unwritten
    case $1 in
      5) { mkdir "$2" && chmod "$3" "$2"; } || xx_unwritten ;;
      2) [ -h "$2" ] || ln -s "$4" "$2" || xx_unwritten ;;
      *) { printf '%s' "$4" >"$2" && chmod "$3" "$2"; } || xx_unwritten ;;
    esac
    return
  fi
  case $1 in
    2) xx_link=$4 xx_text='' ;;
    *) xx_link='' xx_text=$4 ;;
  esac
  # The bytes that all headers share: the zeros of numbers, the spaces of the checksum, "ustar".
  xx_sum=$((3023 + $1))
  xx_octal "$3"
  xx_mode=$xx_octal
  xx_octal $((${#xx_text} / 512))
  xx_size=$xx_octal
  xx_octal $((${#xx_text} % 512))
  xx_size=$xx_size$xx_octal
  xx_field "${2#/}"
  xx_path=$xx_field
  xx_field "$xx_link"
  xx_total=$xx_sum
  xx_octal $((xx_total / 512))
  xx_key=$xx_octal
  xx_octal $((xx_total % 512))
  xx_path="${xx_path}0000$xx_mode\\00000000000\\00000000000\\000000000$xx_size"
  xx_path="$xx_path\\000000000000000\\0000$xx_key$xx_octal\\0000 $1"
  printf '%b' "$xx_path${xx_field}ustar\\000000$xx_tail"
  [ -z "$xx_text" ] || printf '%s%*s' "$xx_text" $(((512 - ${#xx_text} % 512) % 512)) ''
}
