# What packages for the platform are called, and which releases of the distribution have them.
xx_suffix='' xx_arch_name=''
case $xx_platform in
  # table: packages
  linux/amd64) xx_arch_name=amd64 ;;
  # end
  *) xx_skip '' ;;
esac

# Whether the release lacks the platform, in xx_lacking. Releases are compared as numbers: Debian
# 12 is 12, Ubuntu 24.04 is 2404. Packages for Windows are of the architecture of this machine.
xx_lacking='' xx_number='' xx_since='' xx_until=''
case $xx_id:$xx_suffix in
  # table: distributions
  debian: | ubuntu:) xx_number=$xx_os_version ;;
    # end
esac
case $xx_number in
  *.*) xx_number=${xx_number%%.*}${xx_number#*.} ;;
esac
case $xx_id:$xx_platform in
  # table: releases
  debian:linux/amd64) xx_since=4 ;;
    # end
esac
case $xx_number in
  '' | *[!0-9]*) ;;
  *)
    if [ -z "$xx_since" ] || [ "$xx_number" -lt "$xx_since" ] ||
      [ "$xx_number" -gt "${xx_until:-$xx_number}" ]; then
      xx_lacking=1
    fi
    ;;
esac
if [ -n "$xx_lacking" ]; then
  xx_forced='' xx_force_variable=''
  case $xx_platform in
    # table: forced
    linux/riscv64) xx_forced=${XX_APT_FORCE_RISCV64-} xx_force_variable=XX_APT_FORCE_RISCV64 ;;
      # end
  esac
  if [ "$xx_forced" = 1 ]; then
    xx_lacking=''
  elif [ -n "$xx_force_variable" ]; then
    xx_skip ", which $xx_id $xx_os_version does not have ($xx_force_variable=1 tries)"
  fi
fi
