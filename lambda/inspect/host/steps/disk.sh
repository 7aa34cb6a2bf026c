step_disk() {
  has df || {
    status disk missing df
    return
  }
  {
    limited 4 df -P -k || echo '!partial'
    echo '!inodes'
    limited 4 df -P -i || echo '!partial'
  } | awk "$AWK_LIB$AWK_DISK"
}
