internal import ContainerRuntime
internal import OCIRuntimeSpec

extension Command {
  static let update = Command(
    name: "update", summary: "update container resource constraints", usage: "[command options] <container-id>",
    options: updateOptions, arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    for name in ["kernel-memory", "kernel-memory-tcp"]
    where parsed[name].map({ !$0.isEmpty }) ?? false {
      throw RuntimeError("--\(name): is not supported")
    }
    let container = try Container(ContainerID(parsed.arguments[0]), root: global.root)
    let schemata = ["l3-cache-schema", "mem-bw-schema"].compactMap { parsed[$0] }.filter { !$0.isEmpty }
    let resources = try LinuxResources(updating: parsed)
    if !schemata.isEmpty { try container.update(schemata: schemata) }
    if schemata.isEmpty || resources != LinuxResources() { try container.update(resources) }
    return 0
  }

  private static let updateOptions: [Option] = [
    .value(
      "resources", "r",
      help: "path to the file containing the resources to update or '-' to read from the standard input: "
        + "\"linux.resources\" of a configuration, as JSON; all other options are ignored then"),
    .value("blkio-weight", help: "Specifies per cgroup weight, range is from 10 to 1000"),
    .value("cpu-period", help: "CPU CFS period to be used for hardcapping (in usecs). 0 to use system default"),
    .value("cpu-quota", help: "CPU CFS hardcap limit (in usecs). Allowed cpu time in a given period"),
    .value("cpu-burst", help: "CPU CFS hardcap burst limit (in usecs). Allowed cpu time additionally for burst"),
    .value("cpu-share", help: "CPU shares (relative weight vs. other containers)"),
    .value("cpu-rt-period", help: "CPU realtime period to be used for hardcapping (in usecs)"),
    .value("cpu-rt-runtime", help: "CPU realtime hardcap limit (in usecs). Allowed cpu time in a given period"),
    .value("cpu-idle", help: "set cgroup SCHED_IDLE or not, 0: default behavior, 1: SCHED_IDLE"),
    .value("cpuset-cpus", help: "CPU(s) to use"),
    .value("cpuset-mems", help: "Memory node(s) to use"),
    .value("memory", help: "Memory limit (in bytes)"),
    .value("memory-reservation", help: "Memory reservation or soft_limit (in bytes)"),
    .value("memory-swap", help: "Total memory usage (memory + swap); set '-1' to enable unlimited swap"),
    .value("pids-limit", help: "Maximum number of pids allowed in the container"),
    .value("kernel-memory", help: "not supported: refused"),
    .value("kernel-memory-tcp", help: "not supported: refused"),
    .value("l3-cache-schema", help: "the string of Intel RDT/CAT L3 cache schema"),
    .value("mem-bw-schema", help: "the string of Intel RDT/MBA memory bandwidth schema"),
  ]
}
