/// Which containers a list is to have. Values of one property are alternatives; all properties must match.
public struct ContainerFilter: Equatable, Sendable {
  /// Beginnings of identifiers.
  public var ids: [String] = []
  /// Regular expressions, found anywhere in the name with or without its slash.
  public var names: [String] = []
  public var statuses: [ContainerState.Status] = []
  /// `key` or `key=value`; all of them must match.
  public var labels: [String] = []
  /// Names of images; the identifiers that they stand for are looked up by the service.
  public var ancestors: [String] = []
  /// Exit codes.
  public var exited: [Int32] = []
  /// Made before this container, named in any way.
  public var before: String?
  /// Made after this container.
  public var since: String?
  /// Names of networks.
  public var networks: [String] = []
  /// `80` or `80/tcp`, published.
  public var published: [String] = []
  public var exposed: [String] = []
  /// Paths, in the container or on the host.
  public var volumes: [String] = []
  /// `none` is no health check.
  public var healths: [String] = []
  /// Whether something was asked for that no container here ever is: a task.
  public var isUnsatisfiable = false

  public init() {}
}

/// A list that is asked for.
public struct ContainerListRequest: Equatable, Sendable {
  /// Also those that do not run.
  public var all = false
  /// The newest so many, running or not.
  public var limit: Int?
  public var filter = ContainerFilter()

  public init() {}
}
