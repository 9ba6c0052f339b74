# The names that a triple is made of.

# The ID and VERSION_ID of the system that this runs on. A shell reads os-release byte by byte, so
# reading stops when both are known.
xx_release() {
  xx_id='' xx_os_version=''
  for xx_file in /etc/os-release /usr/lib/os-release; do
    [ -r "$xx_file" ] || continue
    while IFS='=' read -r xx_key xx_value || [ -n "$xx_key" ]; do
      case $xx_value in
        \"*\") xx_value=${xx_value#\"} xx_value=${xx_value%\"} ;;
        \'*\') xx_value=${xx_value#\'} xx_value=${xx_value%\'} ;;
      esac
      case $xx_key in
        ID) xx_id=$xx_value ;;
        VERSION_ID) xx_os_version=$xx_value ;;
        *) continue ;;
      esac
      [ -z "$xx_id" ] || [ -z "$xx_os_version" ] || break
    done <"$xx_file"
    break
  done
  xx_id=${xx_id:-unknown}
}

# Facts about the target's operating system; all are empty for an unknown system.
xx_system_facts() {
  xx_system_vendor='' xx_system_vendor_prevails='' xx_with_libc='' xx_libc_name=''
  case $xx_os in
    # table: systems
    linux) xx_with_libc=1 ;;
      # end
  esac
}

# The vendor and the libc of the target. They do not depend on its architecture.
xx_vendor_libc() {
  xx_release
  xx_system_facts
  xx_vendor=${XX_VENDOR:-$xx_id}
  [ -z "$xx_system_vendor_prevails" ] || xx_vendor=$xx_system_vendor
  xx_libc=gnu
  case $xx_id in
    # table: libcs
    alpine) xx_libc=musl ;;
      # end
  esac
  xx_libc=${XX_LIBC:-${xx_libc_name:-$xx_libc}}
}

# Reads the row of platform $1; fails if there is none.
xx_row() {
  xx_system='' xx_word='' xx_word_alpine='' xx_word_given='' xx_abi='' xx_abi_alpine=''
  xx_version=''
  case $1 in
    # table: rows
    linux/amd64 | linux/amd64/*) xx_system=linux xx_word=x86_64 xx_word_alpine=x86_64 ;;
    # end
    *) return 1 ;;
  esac
  case $1 in
    # table: words-from-environment
    linux/arm/v7 | linux/arm/v8) xx_word_given=${ARM_TARGET_ARCH-} ;;
    # end
    # table: versions-from-environment
    darwin/amd64 | darwin/amd64/*) xx_version=${MACOSX_VERSION_MIN:-$xx_version} ;;
      # end
  esac
}

# Composes xx_triple from the row that was read: WORD[-VENDOR]-SYSTEM[-LIBC+ABI][VERSION].
xx_compose() {
  if [ -n "$xx_with_libc" ]; then
    case $xx_vendor in
      # table: words-of-alpine
      alpine) xx_word=$xx_word_alpine ;;
        # end
    esac
    case $xx_id in
      # table: abis-of-alpine
      alpine) xx_abi=$xx_abi_alpine ;;
        # end
    esac
    case $xx_vendor in
      # table: plain-vendors
      debian | ubuntu) xx_triple='' ;;
      # end
      *) xx_triple=$xx_vendor- ;;
    esac
    xx_triple=${xx_word_given:-$xx_word}-$xx_triple$xx_system-$xx_libc$xx_abi
  else
    xx_triple=$xx_word${xx_system_vendor:+-$xx_system_vendor}-$xx_system$xx_version
  fi
}

# All names of the target.
xx_names() {
  xx_vendor_libc
  xx_row "$xx_platform" || xx_unsupported
  xx_compose
}
