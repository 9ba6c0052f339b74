# Whether the target differs from this machine in its system or its triple. Afterwards the row that
# was read is that of this machine.
xx_cross() {
  [ "$xx_os" = linux ] || return 0
  xx_machine
  xx_target_triple=$xx_triple
  xx_row "linux/$xx_machine_arch${xx_machine_variant:+/$xx_machine_variant}" || return 0
  xx_compose
  xx_machine_triple=$xx_triple xx_triple=$xx_target_triple
  [ "$xx_machine_triple" != "$xx_target_triple" ]
}
