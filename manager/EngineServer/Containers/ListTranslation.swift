internal import Containers

/// The parameters of a list request.
enum ListTranslation {
  static let known: Set<String> = [
    "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network",
    "publish", "since", "status", "volume",
  ]

  static func request(_ query: Query) throws -> ContainerListRequest {
    var request = ContainerListRequest()
    request.all = query.bool("all")
    request.limit = try query.integer("limit").flatMap { $0 > 0 ? $0 : nil }
    let filters = try query.filters()
    try filters.check(known: known)
    request.filter = try filter(filters)
    return request
  }

  private static func filter(_ filters: Filters) throws(APIError) -> ContainerFilter {
    var filter = ContainerFilter()
    filter.ids = filters["id"]
    filter.names = filters["name"]
    filter.labels = filters["label"]
    filter.ancestors = filters["ancestor"]
    filter.before = filters["before"].first
    filter.since = filters["since"].first
    filter.networks = filters["network"]
    filter.published = filters["publish"]
    filter.exposed = filters["expose"]
    filter.volumes = filters["volume"]
    for text in filters["status"] { try add(status: text, to: &filter) }
    for name in ["publish", "expose"] {
      for text in filters[name] where Containers.PortBinding(exposed: text) == nil {
        throw .invalidParameter("invalid filter '\(name)=\(text)'")
      }
    }
    for text in filters["exited"] {
      guard let code = Int32(text) else { throw .invalidParameter("invalid filter 'exited=\(text)'") }
      filter.exited.append(code)
    }
    try addConstants(filters, to: &filter)
    return filter
  }

  private static func add(status text: String, to filter: inout ContainerFilter) throws(APIError) {
    guard let status = Containers.ContainerState.Status(rawValue: text) else {
      throw .invalidParameter("invalid filter 'status=\(text)'")
    }
    filter.statuses.append(status)
  }

  /// None is a swarm's task, and `isolation` is a matter of another system.
  private static func addConstants(_ filters: Filters, to filter: inout ContainerFilter) throws(APIError) {
    for health in filters["health"] where !["none", "starting", "healthy", "unhealthy"].contains(health) {
      throw .invalidParameter("unrecognized filter value for health: \(health)")
    }
    filter.healths = filters["health"]
    filter.isUnsatisfiable = try filters.bool("is-task") == true
  }
}
