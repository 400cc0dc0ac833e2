/// Which containers a prune takes: they do not run, and all of this is true.
public struct ContainerPruneRequest: Equatable, Sendable {
  /// Made at this moment or before.
  public var until: Timestamp?
  /// `key` or `key=value`, all of them.
  public var labels: [String] = []
  /// None of these.
  public var excludedLabels: [String] = []

  public init() {}
}

extension ContainerService {
  /// Removes containers that do not run.
  /// - Returns: those that are gone, and the bytes that they had written. What was started meanwhile, or cannot be removed,
  ///   is left out.
  public func prune(_ request: ContainerPruneRequest) async throws -> (ids: [ContainerID], reclaimed: Int64) {
    var removed: (ids: [ContainerID], reclaimed: Int64) = ([], 0)
    for record in index.records() where !record.state.isActive && request.takes(record) {
      try Task.checkCancellation()
      do {
        let written = try await surroundings.rootfs.usage(record.id)
        try await remove(record.id.text)
        removed.ids.append(record.id)
        removed.reclaimed += written
      } catch {
        surroundings.logger.warning(
          "not pruned", metadata: ["container": "\(record.id.short)", "error": "\(error)"])
      }
    }
    let event = ContainerEvent(.container, "prune", id: "", attributes: ["reclaimed": "\(removed.reclaimed)"])
    await surroundings.events.record([event])
    return removed
  }
}

extension ContainerPruneRequest {
  func takes(_ record: ContainerRecord) -> Bool {
    if let until, record.createdAt > until { return false }
    let own = record.configuration.labels
    return labels.allSatisfy { LabelPattern($0).matches(own) }
      && !excludedLabels.contains { LabelPattern($0).matches(own) }
  }
}

/// `key` or `key=value` of a filter.
public struct LabelPattern: Equatable, Sendable {
  private let key: String
  private let value: String?

  public init(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    key = parts[0]
    value = parts.count > 1 ? parts[1] : nil
  }

  public func matches(_ labels: [String: String]) -> Bool {
    guard let own = labels[key] else { return false }
    return value == nil || own == value
  }
}
