# Host-wide counters over one interval.
step_vitals() {
  awk -v hz="$(clockTicks)" "$AWK_LIB$AWK_VITALS"
}
