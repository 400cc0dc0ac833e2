public import JSON

/// What a seccomp agent is sent with the listener of a process (config-linux.md §The Container Process State).
public struct ContainerProcessState: JSONMappable, Equatable {
  public var ociVersion = ""
  /// The names of the descriptors that come with it, in their order: `seccompFd`.
  public var fds: [String] = []
  /// As the runtime sees it.
  public var pid = Int32(0)
  /// `listenerMetadata` of the configuration.
  public var metadata: String?
  public var state = State()
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("ociVersion", &ociVersion)
    try json.nonEmpty("fds", &fds)
    try json.required("pid", &pid)
    try json.optional("metadata", &metadata)
    try json.required("state", &state)
    json.unknown(&unknown)
  }
}
