# The build attributes of 32-bit ARM.

# table: constants
xx_arm=40 xx_most_attributes=4096
# end

# Sets xx_attributes to the offset and the size of the ARM build attributes, from the section
# headers.
xx_arm_sections() {
  xx_locate "$xx_shoff" "$xx_size" 4194304
  # shellcheck disable=SC2086 # words of two digits
  case $xx_where in
    start)
      set -- $xx_head
      shift "$xx_shoff"
      ;;
    further) set -- $xx_bytes ;;
    *) xx_bad truncated ;;
  esac
  while [ "$xx_shnum" -gt 0 ]; do
    case $xx_layout in
      # table: sections
      010201)
        if [ "$5$6$7$8" = 70000003 ]; then
          xx_attributes="$((0x${17}${18}${19}${20})) $((0x${21}${22}${23}${24}))"
          return
        fi
        ;;
        # end
    esac
    xx_shnum=$((xx_shnum - 1))
    shift "$xx_shentsize"
  done
}

# Reads the ARM build attributes: the architecture, and whether floats are passed in registers.
xx_arm() {
  xx_start=${xx_attributes% *} xx_left=${xx_attributes#* }
  xx_locate "$xx_start" "$xx_left" "$xx_most_attributes"
  # shellcheck disable=SC2086 # words of two digits
  case $xx_where in
    start)
      set -- $xx_head
      shift "$xx_start"
      ;;
    further) set -- $xx_bytes ;;
    *) return ;;
  esac
  if [ "$xx_left" -lt 6 ] || [ "$1" != 41 ]; then return; fi
  xx_end=$((0x$5$4$3$2 + 1))
  if [ "$xx_end" -gt "$xx_left" ]; then xx_end=$xx_left; fi
  # From here on xx_left is what is left of the subsection of the vendor, then of the scope.
  xx_left=$((xx_end - 5))
  shift 5
  while [ "$xx_left" -gt 0 ] && [ "$1" != 00 ]; do
    xx_left=$((xx_left - 1))
    shift
  done
  if [ "$xx_left" -lt 6 ] || [ "$2" != 01 ]; then return; fi
  xx_end=$((0x$6$5$4$3 - 5))
  xx_left=$((xx_left - 6))
  if [ "$xx_end" -lt "$xx_left" ]; then xx_left=$xx_end; fi
  shift 6
  xx_tag='' xx_value=0 xx_step=0
  while [ "$xx_left" -gt 0 ]; do
    xx_byte=$((0x$1)) xx_left=$((xx_left - 1))
    shift
    if [ "$xx_tag" = text ]; then
      if [ "$xx_byte" = 0 ]; then xx_tag=''; fi
      continue
    fi
    xx_value=$((xx_value | (xx_byte & 127) << xx_step)) xx_step=$((xx_step + 7))
    if [ "$xx_byte" -ge 128 ] && [ "$xx_step" -le 63 ] && [ "$xx_left" -gt 0 ]; then continue; fi
    # The number is complete. It is a tag, or the value of the tag before it; tag 32 has a number
    # and a text.
    case $xx_tag in
      '')
        xx_tag=$xx_value
        case $xx_tag in
          4 | 5 | 65 | 67) xx_tag=text ;;
          *) if [ "$xx_tag" -gt 32 ] && [ $((xx_tag % 2)) = 1 ]; then xx_tag=text; fi ;;
        esac
        ;;
      32) xx_tag=text ;;
      *)
        case $xx_tag:$xx_value in
          # table: levels
          6:10 | 6:13) xx_file_level=7 ;;
          # end
          6:*) xx_file_level='' ;;
          23:*) xx_model=$xx_value ;;
          28:0) xx_registers=soft ;;
          28:1) xx_registers=hard ;;
          28:*) xx_registers=either ;;
        esac
        xx_tag=''
        ;;
    esac
    xx_value=0 xx_step=0
  done
}
