public import JSON

/// The state of a container, as `state` prints it and hooks get it (runtime.md §State).
public struct State: JSONMappable, Equatable {
  public var ociVersion = ""
  public var id = ""
  public var status = ContainerStatus.creating
  /// As the host sees it; absent or 0 once the container has stopped.
  public var pid: Int32?
  /// Absolute path.
  public var bundle = ""
  public var annotations: [String: String] = [:]
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("ociVersion", &ociVersion)
    try json.required("id", &id)
    try json.required("status", &status)
    try json.optional("pid", &pid)
    try json.required("bundle", &bundle)
    try json.nonEmpty("annotations", &annotations)
    json.unknown(&unknown)
  }
}

/// Where a container is in its life (runtime.md §State).
public enum ContainerStatus: String, JSONConvertible, CaseIterable, Sendable {
  case creating
  case created
  case running
  case stopped
  case paused
}
