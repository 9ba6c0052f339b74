# Whether the target is something else than this machine: another system, or another triple. The row
# is this machine's afterwards.
xx_cross() {
  [ "$xx_os" = linux ] || return 0
  xx_machine
  xx_target_triple=$xx_triple
  xx_row "linux/$xx_machine_arch${xx_machine_variant:+/$xx_machine_variant}" || return 0
  xx_compose
  xx_machine_triple=$xx_triple xx_triple=$xx_target_triple
  [ "$xx_machine_triple" != "$xx_target_triple" ]
}
