# The target of Rust.

# Sets xx_rust to the target of Rust for xx_platform and xx_libc.
xx_rust_target() {
  xx_kind=gnu
  case $xx_libc in
    musl*) xx_kind=musl ;;
  esac
  case $xx_platform:$xx_kind in
    # table: targets
    linux/amd64:gnu | linux/amd64/*:gnu) xx_rust=x86_64-unknown-linux-gnu ;;
    # end
    *)
      xx_fail "Rust has no target for $xx_platform with $xx_libc" \
        'hint: rustc --print target-list names those that it has'
      ;;
  esac
  if [ -z "$xx_with_libc" ]; then return; fi
  xx_rust=${xx_word_given:-${xx_rust%%-*}}-${xx_rust#*-}
  # Alpine's own Rust names its targets as Alpine names triples.
  xx_own_names=''
  case $xx_id in
    # table: systems-with-own-names
    alpine) xx_own_names=1 ;;
      # end
  esac
  if [ -n "$xx_own_names" ] && ! command -v rustup >/dev/null; then
    xx_wanted_triple=$xx_triple xx_wanted_vendor=$xx_vendor
    xx_vendor=$xx_id
    xx_compose
    xx_rust=$xx_triple xx_triple=$xx_wanted_triple xx_vendor=$xx_wanted_vendor
  fi
}

# Sets what cargo and C compilers need to know of xx_platform.
xx_cargo_row() {
  xx_cpu='' xx_march='' xx_qemu='' xx_cmake_system='' xx_cmake_processor='' xx_multiarch=''
  xx_std_package='' xx_own_linker='' xx_loader=''
  case $xx_platform in
    # table: rows
    ios/arm64) xx_cmake_system=iOS xx_cmake_processor=arm64 ;;
      # end
  esac
  case $xx_platform:$xx_kind in
    # table: loaders
    linux/amd64:gnu | linux/amd64/*:gnu) xx_loader=/lib64/ld-linux-x86-64.so.2 ;;
      # end
  esac
  xx_foreign=''
  if xx_cross; then xx_foreign=1; fi
  xx_sysroot
}
