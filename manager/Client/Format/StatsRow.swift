internal import EngineAPI
internal import JSON

/// A line of `proa stats`.
struct StatsRow: Sendable {
  let container: String
  let name: String
  let cpu: String
  let memory: String
  let memoryShare: String
  let network: String
  let blockDevices: String
  let processes: String

  init(_ stats: ContainerStats, truncates: Bool) {
    container = truncates ? ImageIdentifier.short(stats.id) : stats.id
    name = stats.name.hasPrefix("/") ? String(stats.name.dropFirst()) : stats.name
    // A container that does not run has used nothing, of nothing.
    let limit = stats.memory.limit ?? 0
    let used = Self.used(stats.memory)
    cpu = Self.percent(Self.share(stats.cpu, after: stats.previousCPU))
    memory = "\(HumanSize.binary(Int64(clamping: used))) / \(HumanSize.binary(Int64(clamping: limit)))"
    memoryShare = Self.percent(limit > 0 ? Double(used) / Double(limit) * 100 : 0)
    let networks = stats.networks.map { Array($0.values) } ?? []
    network = Self.pair(networks.map(\.receivedBytes), networks.map(\.sentBytes))
    let entries = stats.blockDevices.bytes ?? []
    blockDevices = Self.pair(
      entries.filter { $0.operation.lowercased() == "read" }.map(\.value),
      entries.filter { $0.operation.lowercased() == "write" }.map(\.value))
    processes = "\(stats.pids.current ?? 0)"
  }

  private static func pair(_ left: [UInt64], _ right: [UInt64]) -> String {
    [left, right].map { HumanSize.decimal(Int64(clamping: $0.reduce(0) { $0 &+ $1 })) }.joined(separator: " / ")
  }

  /// Without what the kernel can take back at once: v1 calls it another name.
  private static func used(_ memory: ContainerStats.Memory) -> UInt64 {
    let usage = memory.usage ?? 0
    for name in ["total_inactive_file", "inactive_file"] {
      if let cache = memory.details[name], cache < usage { return usage - cache }
    }
    return usage
  }

  /// Of one processor, so that it can be more than 100.
  static func share(_ cpu: ContainerStats.CPU, after previous: ContainerStats.CPU) -> Double {
    let used = Double(cpu.usage.total) - Double(previous.usage.total)
    let all = Double(cpu.system ?? 0) - Double(previous.system ?? 0)
    guard used > 0, all > 0 else { return 0 }
    return used / all * Double(cpu.processors ?? cpu.usage.byProcessor.count) * 100
  }

  private static func percent(_ value: Double) -> String {
    let hundredths = Int64((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)%"
  }

  static let titles = [
    "CONTAINER ID", "NAME", "CPU %", "MEM USAGE / LIMIT", "MEM %", "NET I/O", "BLOCK I/O", "PIDS",
  ]

  var cells: [String] { [container, name, cpu, memory, memoryShare, network, blockDevices, processes] }

  /// For templates and JSON, named as Docker's are.
  var context: TemplateContext {
    Self.context([blockDevices, cpu, container, container, memoryShare, memory, name, network, processes])
  }

  static var headings: TemplateContext {
    context([
      "BLOCK I/O", "CPU %", "CONTAINER", "CONTAINER ID", "MEM %", "MEM USAGE / LIMIT", "NAME", "NET I/O", "PIDS",
    ])
  }

  private static func context(_ values: [String]) -> TemplateContext {
    let names = ["BlockIO", "CPUPerc", "Container", "ID", "MemPerc", "MemUsage", "Name", "NetIO", "PIDs"]
    var context = TemplateContext(.object(JSONObject(zip(names, values).map { ($0, .string($1)) })))
    context.typeName = "*container.statsContext"
    return context
  }
}
