# The environment of cargo for the target.

# Sets the variable $1 to $2, unless the user has set it.
xx_set() {
  case $xx_given in
    *" $1='"[!\']* | *" $1=\""[!\"]*) ;;
    *) export "$1=$2" ;;
  esac
}

# The name $1 as part of the name of a variable, in xx_name: with _ for - and dots, and in capitals
# if $2 is "capitals".
xx_variable_name() {
  xx_left=$1 xx_name=''
  while [ -n "$xx_left" ]; do
    xx_letter=${xx_left%"${xx_left#?}"} xx_left=${xx_left#?}
    case $2$xx_letter in
      *[.-]) xx_letter=_ ;;
      capitalsa) xx_letter=A ;;
      capitalsb) xx_letter=B ;;
      capitalsc) xx_letter=C ;;
      capitalsd) xx_letter=D ;;
      capitalse) xx_letter=E ;;
      capitalsf) xx_letter=F ;;
      capitalsg) xx_letter=G ;;
      capitalsh) xx_letter=H ;;
      capitalsi) xx_letter=I ;;
      capitalsj) xx_letter=J ;;
      capitalsk) xx_letter=K ;;
      capitalsl) xx_letter=L ;;
      capitalsm) xx_letter=M ;;
      capitalsn) xx_letter=N ;;
      capitalso) xx_letter=O ;;
      capitalsp) xx_letter=P ;;
      capitalsq) xx_letter=Q ;;
      capitalsr) xx_letter=R ;;
      capitalss) xx_letter=S ;;
      capitalst) xx_letter=T ;;
      capitalsu) xx_letter=U ;;
      capitalsv) xx_letter=V ;;
      capitalsw) xx_letter=W ;;
      capitalsx) xx_letter=X ;;
      capitalsy) xx_letter=Y ;;
      capitalsz) xx_letter=Z ;;
    esac
    xx_name=$xx_name$xx_letter
  done
}

# The compilers for the target: clang if it is set up, else TRIPLE-gcc. If there is neither, Rust
# and crates use their defaults.
xx_compilers() {
  xx_cc='' xx_cxx=''
  if xx_ready; then
    xx_use
    xx_cc=$xx_triple-clang xx_cxx=$xx_triple-clang++
    return
  fi
  if command -v "$xx_triple-gcc" >/dev/null; then xx_cc=$xx_triple-gcc; fi
  if command -v "$xx_triple-g++" >/dev/null; then xx_cxx=$xx_triple-g++; fi
}

# A toolchain file for CMake, in xx_file. Its name says all that is in it, so it is written once, in
# a directory that only the user or root can write to. Fails if there is none.
xx_cmake_file() {
  xx_folder=/usr/share/xx
  if [ ! -w /usr/share ]; then
    xx_own_folder
    xx_folder=${xx_bin%/bin}/cmake
  fi
  xx_name=$xx_rust.$xx_cc
  case $xx_sysroot in
    /) ;;
    *) xx_name=$xx_name.sysroot ;;
  esac
  xx_file=$xx_folder/$xx_name.cmake
  xx_sweep "$xx_folder"
  if [ ! -e "$xx_file" ]; then
    mkdir -p "$xx_folder" 2>/dev/null || return 1
    xx_aside "$xx_file"
    set -- "set(CMAKE_SYSTEM_NAME $xx_cmake_system)" \
      "set(CMAKE_SYSTEM_PROCESSOR $xx_cmake_processor)" "set(CMAKE_C_COMPILER $xx_cc)"
    [ -z "$xx_cxx" ] || set -- "$@" "set(CMAKE_CXX_COMPILER $xx_cxx)"
    [ "$xx_sysroot" = / ] || set -- "$@" "set(CMAKE_SYSROOT \"$xx_sysroot\")"
    set -- "$@" 'set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)'
    if { printf '%s\n' "$@" >"$xx_new"; } 2>/dev/null; then
      mv "$xx_new" "$xx_file"
    else
      rm -f "$xx_new"
    fi
    xx_done
  fi
  [ -e "$xx_file" ]
}

# Makes pkg-config find the target's libraries and no others.
xx_pkg_config() {
  xx_set "PKG_CONFIG_ALLOW_CROSS_$xx_t" 1
  if command -v "$xx_triple-pkg-config" >/dev/null; then
    xx_set "PKG_CONFIG_$xx_t" "$xx_triple-pkg-config"
    return
  fi
  xx_root=${xx_sysroot%/}
  xx_folders=${xx_multiarch:+$xx_root/usr/lib/$xx_multiarch/pkgconfig:}
  xx_folders=$xx_folders$xx_root/usr/$xx_triple/lib/pkgconfig:
  xx_folders=$xx_folders${xx_root:+$xx_root/usr/lib/pkgconfig:}$xx_root/usr/share/pkgconfig
  xx_set "PKG_CONFIG_LIBDIR_$xx_t" "$xx_folders"
  [ -z "$xx_root" ] || xx_set "PKG_CONFIG_SYSROOT_DIR_$xx_t" "$xx_root"
  # Without pkg-config, the crate openssl-sys is told where OpenSSL is.
  if ! command -v pkg-config >/dev/null; then
    for xx_folder in ${xx_multiarch:+"$xx_root/usr/lib/$xx_multiarch"} \
      "$xx_root/usr/$xx_triple/lib" ${xx_root:+"$xx_root/usr/lib"}; do
      if [ -e "$xx_folder/libssl.so" ] || [ -e "$xx_folder/libssl.a" ]; then
        xx_set "${xx_capitals}_OPENSSL_LIB_DIR" "$xx_folder"
        xx_set "${xx_capitals}_OPENSSL_INCLUDE_DIR" "$xx_root/usr/include"
        break
      fi
    done
  fi
}

# The variables for a system with an SDK.
xx_use_sdk() {
  export "MACOSX_DEPLOYMENT_TARGET=${MACOSX_DEPLOYMENT_TARGET:-$xx_version}"
  [ ! -d "$xx_sysroot" ] || export "SDKROOT=${SDKROOT:-${xx_sysroot%/}}"
}

# All variables for cargo, rustc and crates with C code, for the target xx_rust alone.
xx_environment() {
  xx_variable_name "$xx_rust" ''
  xx_t=$xx_name
  xx_variable_name "$xx_rust" capitals
  xx_capitals=$xx_name
  xx_compilers
  # rustc would use the linker of this machine by default; so it is given the name of the one that
  # is missing.
  if [ -n "$xx_cc" ]; then
    [ -n "$xx_own_linker" ] || xx_set "CARGO_TARGET_${xx_capitals}_LINKER" "$xx_cc"
    xx_set "CC_$xx_t" "$xx_cc"
  elif [ -n "$xx_foreign" ] && [ -n "$xx_with_libc" ]; then
    xx_set "CARGO_TARGET_${xx_capitals}_LINKER" "$xx_triple-gcc"
  fi
  [ -z "$xx_cxx" ] || xx_set "CXX_$xx_t" "$xx_cxx"
  if command -v "$xx_triple-ar" >/dev/null; then xx_set "AR_$xx_t" "$xx_triple-ar"; fi
  if command -v "$xx_triple-ranlib" >/dev/null; then xx_set "RANLIB_$xx_t" "$xx_triple-ranlib"; fi
  if [ -n "$xx_march" ]; then
    xx_set "CFLAGS_$xx_t" "-march=$xx_march ${TARGET_CFLAGS:-${CFLAGS-}}"
    xx_set "CXXFLAGS_$xx_t" "-march=$xx_march ${TARGET_CXXFLAGS:-${CXXFLAGS-}}"
  fi
  case $xx_os in
    # table: systems-with-sdk
    darwin) xx_use_sdk ;;
      # end
  esac

  # The flags of rustc: those of the user for this target, XX_RUSTFLAGS, and the processor of the
  # variant. If RUSTFLAGS is set, cargo reads only that, so they are added there too.
  xx_flags=${XX_RUSTFLAGS-}
  xx_name=CARGO_TARGET_${xx_capitals}_RUSTFLAGS xx_users=''
  case $xx_given in
    *" $xx_name="?*) [ -z "$xx_flags$xx_cpu" ] || xx_users=$(printenv "$xx_name") || xx_users='' ;;
  esac
  case "${RUSTFLAGS-} $xx_users $xx_flags" in
    *target-cpu*) ;;
    *) [ -z "$xx_cpu" ] || xx_flags="-C target-cpu=$xx_cpu${xx_flags:+ $xx_flags}" ;;
  esac
  if [ -n "$xx_flags" ]; then
    export "$xx_name=${xx_users:+$xx_users }$xx_flags"
    case " ${RUSTFLAGS-} " in
      '  ' | *" $xx_flags "*) ;;
      *) export "RUSTFLAGS=$RUSTFLAGS $xx_flags" ;;
    esac
  fi

  if [ -z "$xx_foreign" ]; then return 0; fi
  for xx_program in cc gcc clang; do
    if [ -z "${HOST_CC-}" ] && command -v "$xx_program" >/dev/null; then
      export HOST_CC="$xx_program"
    fi
  done
  for xx_program in c++ g++ clang++; do
    if [ -z "${HOST_CXX-}" ] && command -v "$xx_program" >/dev/null; then
      export HOST_CXX="$xx_program"
    fi
  done
  if [ -z "${HOST_AR-}" ] && command -v ar >/dev/null; then export HOST_AR=ar; fi
  xx_pkg_config
  xx_clang_triple
  xx_clang_arguments=--target=$xx_clang_triple
  [ "$xx_sysroot" = / ] || xx_clang_arguments="$xx_clang_arguments --sysroot=$xx_sysroot"
  if [ -d "/usr/$xx_triple/include" ]; then
    xx_clang_arguments="$xx_clang_arguments -isystem /usr/$xx_triple/include"
  fi
  xx_set "BINDGEN_EXTRA_CLANG_ARGS_$xx_t" "$xx_clang_arguments"
  if [ -n "$xx_cc" ] && command -v cmake >/dev/null && xx_cmake_file; then
    xx_set "CMAKE_TOOLCHAIN_FILE_$xx_t" "$xx_file"
  fi

  # cargo test and cargo run use QEMU, if it is installed.
  for xx_program in "qemu-$xx_qemu" "qemu-$xx_qemu-static"; do
    if [ -n "$xx_qemu" ] && command -v "$xx_program" >/dev/null; then
      xx_set "CARGO_TARGET_${xx_capitals}_RUNNER" "$xx_program"
      # Cross compilers keep the libraries in a directory of their own.
      if [ ! -e "${xx_sysroot%/}$xx_loader" ] && [ -e "/usr/$xx_triple$xx_loader" ]; then
        xx_sysroot=/usr/$xx_triple
      fi
      export "QEMU_LD_PREFIX=${QEMU_LD_PREFIX:-$xx_sysroot}"
      break
    fi
  done
}
