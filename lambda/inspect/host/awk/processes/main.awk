# Processes and sockets, joined by the inode of the socket, over one interval of a second.
#
# /proc/net/tcp and the descriptors under /proc/PID/fd, not ss: they are there everywhere, and the name of a process cannot forge an
# owner in them. In: self (pid of the script), hz, page (bytes), lsq (options of ls), app, health, metrics (ports), db (ports with
# commas), enters (whether nsenter works), tell (the file to tell where the application is).

BEGIN {
  readUsers()
  readDatabasePorts()
  readMounts()
  boot = readBoot()
  look()
  # Only root sees whose a connection is.
  for (looks = 1; looks < 3 && unowned && (1 in fds); looks++) {
    forget()
    look()
  }
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
  printQueries()
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
  printWriters()
  printSleeps()
  printThreads()
}

# Processes, then what each has open, then the sockets.
function look() {
  snapshot(0)
  readDescriptors()
  readSockets()
}

# A connection to a database was nobody's: its process came while the others were read, as those of a job that asks by one short
# command after the other do. What was read of them is forgotten, and read again: names, which say who is there, all lists and counts,
# and deleted files, whose descriptors may be other files' by now.
function forget() {
  split("", comm)
  split("", cpu)
  split("", deletedPath)
  split("", fds)
  split("", holdsdb)
  split("", inode)
  split("", owner)
  split("", queries)
  split("", seenDeleted)
  split("", shared)
  split("", states)
  split("", uses)
  split("", writes)
  split("", written)
  np = nheard = nsock = ndeleted = unowned = 0
  deletedList = lenders = ""
}
