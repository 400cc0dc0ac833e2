internal import Cgroups
internal import JSON

/// The form of runc's `events`: counters of 0 are left out, but for those that it always has.
extension CgroupStatistics {
  var json: JSONValue {
    var json = JSONObject()
    json.append("cpu", processor.json)
    json.append("cpuset", processorSet.json)
    json.append("memory", memory.json)
    json.append("pids", .object(.counters([("current", pids.current), ("limit", pids.limit)])))
    json.append("blkio", blockIO.json)
    json.append(
      "hugetlb",
      .object(JSONObject(hugePages.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json(hasLimit: false)) })))
    json.append("intel_rdt", .object(JSONObject()))
    json.append("network_interfaces", .null)
    return .object(json)
  }
}

extension JSONObject {
  /// Members for all that are not 0, and those of `always`.
  fileprivate static func counters(
    _ counters: [(name: String, value: UInt64)], always: Set<String> = []
  ) -> JSONObject {
    JSONObject(
      counters.filter { $0.value != 0 || always.contains($0.name) }.map { ($0.name, .number(JSONNumber($0.value))) })
  }

  fileprivate mutating func append(_ name: String, list: [some FixedWidthInteger]) {
    if !list.isEmpty { append(name, .array(list.map { .number(JSONNumber($0)) })) }
  }

  fileprivate mutating func append(_ pressure: CgroupStatistics.Pressure?) {
    guard let pressure else { return }
    append("psi", .object(JSONObject([("some", pressure.some.json), ("full", pressure.full.json)])))
  }
}

extension CgroupStatistics.Processor {
  fileprivate var json: JSONValue {
    var usage = JSONObject.counters([("total", total)])
    usage.append("percpu", list: each)
    usage.append("percpu_kernel", list: eachKernel)
    usage.append("percpu_user", list: eachUser)
    usage.append("kernel", .number(JSONNumber(kernel)))
    usage.append("user", .number(JSONNumber(user)))
    let throttling = JSONObject.counters([
      ("periods", periods), ("throttledPeriods", throttledPeriods), ("throttledTime", throttledTime),
    ])
    var json = JSONObject([("usage", .object(usage)), ("throttling", .object(throttling))])
    json.append(pressure)
    return .object(json)
  }
}

extension CgroupStatistics.ProcessorSet {
  fileprivate var json: JSONValue {
    var json = JSONObject()
    func flag(_ name: String) { json.append(name, .number(JSONNumber(flags[name] ?? 0))) }
    json.append("cpus", list: processors)
    flag("cpu_exclusive")
    json.append("mems", list: nodes)
    for name in [
      "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure",
      "sched_load_balance", "sched_relax_domain_level",
    ] { flag(name) }
    return .object(json)
  }
}

extension CgroupStatistics.Counter {
  fileprivate func json(hasLimit: Bool = true) -> JSONValue {
    var counters = [(name: "usage", value: usage), (name: "max", value: maximum), (name: "failcnt", value: failures)]
    if hasLimit { counters.insert((name: "limit", value: limit), at: 0) }
    return .object(.counters(counters, always: ["limit", "failcnt"]))
  }
}

extension CgroupStatistics.Memory {
  fileprivate var json: JSONValue {
    var json = JSONObject.counters([("cache", cache)])
    json.append("usage", usage.json())
    json.append("swap", swap.json())
    json.append("kernel", kernel.json())
    json.append("kernelTCP", kernelTCP.json())
    if !details.isEmpty {
      json.append(
        "raw",
        .object(.counters(details.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, always: Set(details.keys))))
    }
    json.append(pressure)
    return .object(json)
  }
}

extension CgroupStatistics.BlockIO {
  private static let names = [
    ("ioServiceBytesRecursive", "io_service_bytes"), ("ioServicedRecursive", "io_serviced"),
    ("ioQueueRecursive", "io_queued"), ("ioServiceTimeRecursive", "io_service_time"),
    ("ioWaitTimeRecursive", "io_wait_time"), ("ioMergedRecursive", "io_merged"), ("ioTimeRecursive", "time"),
    ("sectorsRecursive", "sectors"),
  ]

  fileprivate var json: JSONValue {
    var json = JSONObject()
    for (name, table) in Self.names {
      guard let entries = tables[table] else { continue }
      json.append(name, .array(entries.map { $0.json }))
    }
    json.append(pressure)
    return .object(json)
  }
}

extension CgroupStatistics.BlockIO.Entry {
  fileprivate var json: JSONValue {
    var json = JSONObject.counters([("major", major), ("minor", minor)])
    if !operation.isEmpty { json.append("op", .string(operation)) }
    if value != 0 { json.append("value", .number(JSONNumber(value))) }
    return .object(json)
  }
}

extension CgroupStatistics.Pressure.Line {
  fileprivate var json: JSONValue {
    let names = ["avg10", "avg60", "avg300"]
    var json = JSONObject(zip(names, averages).map { ($0, .number(JSONNumber($1))) })
    json.append("total", .number(JSONNumber(total)))
    return .object(json)
  }
}
