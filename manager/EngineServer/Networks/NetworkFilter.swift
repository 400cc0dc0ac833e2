internal import Containers
internal import LinuxKernel
internal import Networks

/// The filters of `GET /networks`.
struct NetworkFilter {
  private let filters: Filters
  private let names: [Pattern]
  private let labels: [LabelPattern]
  private let isDangling: Bool?

  init(_ query: Query) throws(APIError) {
    filters = try query.filters()
    try filters.check(known: ["dangling", "driver", "id", "label", "name", "scope", "type"])
    for type in filters["type"] where !["builtin", "custom"].contains(type) {
      throw .invalidParameter("invalid filter: 'type'='\(type)'")
    }
    isDangling = try filters.bool("dangling")
    labels = filters["label"].map(LabelPattern.init)
    var names: [Pattern] = []
    for text in filters["name"] {
      do throws(PatternError) { names.append(try Pattern(text)) } catch {
        throw .invalidParameter("invalid filter 'name=\(text)': \(error.description)")
      }
    }
    self.names = names
  }

  /// - Parameter isUsed: whether containers are on it.
  func takes(_ network: Network, isUsed: Bool) -> Bool {
    // What nobody can remove is never dangling.
    if let isDangling, isDangling != (!isUsed && !network.isPredefined) { return false }
    guard names.isEmpty || names.contains(where: { $0.matches(network.name) }) else { return false }
    return passes("driver") { $0 == network.driver.rawValue } && passes("scope") { $0 == "local" }
      && passes("type") { $0 == (network.isPredefined ? "builtin" : "custom") }
      && passes("id") { network.id.hasPrefix($0) } && labels.allSatisfy { $0.matches(network.labels) }
  }

  private func passes(_ name: String, _ matches: (String) -> Bool) -> Bool {
    filters[name].isEmpty || filters[name].contains(where: matches)
  }
}

/// The filters of `POST /networks/prune`.
struct NetworkPrune: Sendable {
  private let until: Timestamp?
  private let labels: [LabelPattern]
  private let excluded: [LabelPattern]

  init(_ filters: Filters, now: Timestamp) throws(APIError) {
    try filters.check(known: ["label", "label!", "until"])
    until = try UntilFilter.time(filters, now: now)
    labels = filters["label"].map(LabelPattern.init)
    excluded = filters["label!"].map(LabelPattern.init)
  }

  @Sendable func takes(_ network: Network) -> Bool {
    if let until, network.createdAt > until.nanoseconds { return false }
    return labels.allSatisfy { $0.matches(network.labels) } && !excluded.contains { $0.matches(network.labels) }
  }
}
