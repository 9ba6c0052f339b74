# How the packages for the platform are named, and which releases of the distribution have them.
xx_suffix='' xx_arch_name='' xx_since='' xx_until='' xx_ubuntu_since=''
case $xx_platform in
  # table: packages
  linux/amd64) xx_arch_name=amd64 xx_since=4 xx_ubuntu_since=606 ;;
  # end
  *) xx_skip '' ;;
esac

# Whether the release has nothing for the platform, in xx_lacking: by numbers of Debian (12) or of
# Ubuntu (24.04, as 2404).
xx_lacking='' xx_number=''
case $xx_id in
  # table: releases
  debian) xx_number=$xx_os_version ;;
    # end
esac
# Packages for Windows are for this machine's architecture.
[ -z "$xx_suffix" ] || xx_number=''
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
