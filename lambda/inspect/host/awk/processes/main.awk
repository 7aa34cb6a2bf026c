# Processes and sockets, joined by the inode of the socket, over one interval of a second.
#
# /proc/net/tcp and the descriptors under /proc/PID/fd, not ss: they are there everywhere, and the name of a process cannot forge an
# owner in them. In: self (pid of the script), hz, page (bytes), lsq (options of ls), app, health, metrics (ports), db (ports with
# commas), enters (whether nsenter works), tell (the file to tell where the application is).

BEGIN {
  readUsers()
  readDatabasePorts()
  boot = readBoot()
  snapshot(0)
  readDescriptors()
  readSockets()
  locate()
  chooseListeners()
  chooseNamespaces()
  printDeleted()
  readUnixSockets()
  readBacklogs()
  printListeners()
  findApplications()
  printUnixListeners()
  printOutbound()
  readDatabaseClocks()
  printSocketRest()
  rest = 1 - (uptime() - at[0]) / 1000
  if (rest < 0.2) {
    rest = 0.2
  }
  pause(sprintf("%.2f", rest))
  snapshot(1)
  interval = at[1] - at[0]
  if (interval <= 0) {
    interval = 1
  }
  rankProcesses()
  printProcesses()
  printContainers()
  printGroups()
  printApplications()
  printLocks()
  printSleeps()
  printThreads()
}
