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
    for text in filters["exited"] {
      guard let code = Int32(text) else { throw .invalidParameter("invalid filter 'exited=\(text)'") }
      filter.exited.append(code)
    }
    try checkConstants(filters)
    return filter
  }

  /// Paused and restarting are states that no container here is ever in.
  private static func add(status text: String, to filter: inout ContainerFilter) throws(APIError) {
    if let status = Containers.ContainerState.Status(rawValue: text) {
      filter.statuses.append(status)
    } else if ["paused", "restarting"].contains(text) {
      throw .notImplemented("filter 'status=\(text)' is not supported yet")
    } else {
      throw .invalidParameter("invalid filter 'status=\(text)'")
    }
  }

  private static func checkConstants(_ filters: Filters) throws(APIError) {
    for name in ["health", "isolation", "is-task"] where !filters[name].isEmpty {
      throw .notImplemented("filter '\(name)' is not supported yet")
    }
  }
}
