extension ContainerService {
  /// Containers from the index, newest first; nobody is asked.
  /// - Throws: ``ContainerError/invalid(_:)`` for a malformed filter, ``ContainerError/notFound(_:)`` for `before` and `since`.
  public func list(_ request: ContainerListRequest) async throws -> [ListedContainer] {
    let filter = request.filter
    let matcher = try ContainerMatcher(
      filter, ancestors: try await ancestors(filter.ancestors), before: try filter.before.map(inspect),
      since: try filter.since.map(inspect))
    // Asking for a state, or for the newest, means those that do not run, too.
    let includesAll =
      request.all || request.limit != nil || filter.before != nil || filter.since != nil || !filter.statuses.isEmpty
      || !filter.exited.isEmpty
    let found = index.listed().filter { (includesAll || $0.record.state.isActive) && matcher.matches($0.record) }
    return request.limit.map { Array(found.prefix($0)) } ?? found
  }

  private func ancestors(_ names: [String]) async throws -> Set<String>? {
    guard !names.isEmpty else { return nil }
    var ids: Set<String> = []
    for name in names { ids.formUnion(try await images.descendants(of: name)) }
    return ids
  }

  /// The containers that were made from the image with this identifier.
  public func containers(ofImage id: String) -> [ContainerRecord] { index.records().filter { $0.imageID == id } }

  /// The same, and those that have it mounted.
  public func users(ofImage id: String) -> [ContainerRecord] { index.records().filter { $0.usedImages.contains(id) } }

  /// What containers stand on, or have mounted: the chain IDs of the topmost layers of the images.
  public var layers: Set<String> {
    Set(index.records().flatMap { [$0.chainID] + $0.mountedImages.map(\.chainID) }).subtracting([""])
  }

  /// How many containers are in each state.
  public func counts() -> [ContainerState.Status: Int] {
    index.records().reduce(into: [:]) { $0[$1.state.status, default: 0] += 1 }
  }
}
