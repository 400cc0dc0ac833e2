internal import EngineAPI
internal import JSON

/// A line of `proa system df`: all things of a kind.
struct DiskUsageRow: Equatable {
  let type: String
  let total: Int
  let active: Int
  let size: String
  let reclaimable: String

  static func rows(_ usage: DiskUsage) -> [DiskUsageRow] {
    [
      images(usage.images ?? [], bytes: usage.layersSize), containers(usage.containers ?? []),
      volumes(usage.volumes ?? []), buildCache(usage.buildCache ?? []),
    ]
  }

  private static func images(_ images: [ImageSummary], bytes: Int64) -> DiskUsageRow {
    let active = images.filter { $0.containers > 0 }
    let used = sum(active.filter { $0.size != -1 && $0.sharedSize != -1 }.map { $0.size - $0.sharedSize })
    return DiskUsageRow("Images", images.count, active.count, bytes, reclaimable: bytes - used)
  }

  private static func containers(_ containers: [ContainerSummary]) -> DiskUsageRow {
    let active: Set<ContainerStatus> = [.running, .paused, .restarting]
    let idle = containers.filter { !active.contains($0.state) }
    return DiskUsageRow(
      "Containers", containers.count, containers.count - idle.count, sum(containers.compactMap(\.sizeRw)),
      reclaimable: sum(idle.compactMap(\.sizeRw)))
  }

  private static func volumes(_ volumes: [Volume]) -> DiskUsageRow {
    let usages = volumes.map {
      (bytes: $0.usageData?.size ?? 0, uses: $0.usageData?.refCount ?? 0)
    }
    return DiskUsageRow(
      "Local Volumes", volumes.count, usages.filter { $0.uses > 0 }.count, sum(usages.map { max(0, $0.bytes) }),
      reclaimable: sum(usages.filter { $0.uses == 0 }.map { max(0, $0.bytes) }))
  }

  private static func buildCache(_ entries: [JSONValue]) -> DiskUsageRow {
    let own = entries.filter { $0["Shared"] != .bool(true) }
    let idle = own.filter { $0["InUse"] != .bool(true) }
    let active = entries.filter { $0["InUse"] == .bool(true) }.count
    let bytes = sum(own.compactMap { $0["Size"]?.int64 })
    let reclaimable = HumanSize.decimal(sum(idle.compactMap { $0["Size"]?.int64 }), digits: 4)
    return DiskUsageRow(
      type: "Build Cache", total: entries.count, active: active, size: HumanSize.decimal(bytes, digits: 4),
      reclaimable: reclaimable)
  }

  private static func sum(_ sizes: [Int64]) -> Int64 { sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue } }
}

extension JSONValue {
  /// The number, if it is a whole one.
  var int64: Int64? { if case .number(let number) = self { Int64(number.text) } else { nil } }
}

extension DiskUsageRow {
  /// With what part of the whole can be had back.
  private init(_ type: String, _ total: Int, _ active: Int, _ bytes: Int64, reclaimable: Int64) {
    let share = bytes > 0 ? " (\(Int64(Double(reclaimable) * 100 / Double(bytes)))%)" : ""
    self.init(
      type: type, total: total, active: active, size: HumanSize.decimal(bytes, digits: 4),
      reclaimable: HumanSize.decimal(reclaimable, digits: 4) + share)
  }

  static let titles = ["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"]

  var cells: [String] { [type, "\(total)", "\(active)", size, reclaimable] }

  /// For templates and JSON, named as Docker's are.
  var context: TemplateContext {
    Self.context([
      ("Active", "\(active)"), ("Reclaimable", reclaimable), ("Size", size), ("TotalCount", "\(total)"), ("Type", type),
    ])
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    context([
      ("Active", "ACTIVE"), ("Reclaimable", "RECLAIMABLE"), ("Size", "SIZE"), ("TotalCount", "TOTAL"), ("Type", "TYPE"),
    ])
  }

  private static func context(_ members: [(String, String)]) -> TemplateContext {
    var context = TemplateContext(.object(JSONObject(members.map { ($0.0, .string($0.1)) })))
    context.typeName = "*formatter.diskUsageContext"
    return context
  }
}
