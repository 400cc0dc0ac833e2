internal import Containers
internal import JSON
internal import LinuxKernel
internal import Logging

/// What this engine and its networks are known by, the same in every life of the daemon: `identity.json` in the data root.
struct Identity: Equatable, Sendable, JSONMappable {
  /// A UUID.
  var engine = ""
  var createdAt = Timestamp(nanoseconds: 0)
  /// Identifiers by the networks' names.
  var networks: [String: String] = [:]

  init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("engine", &engine)
    try json.required("createdAt", &createdAt)
    try json.required("networks", &networks)
  }

  /// Reads the identity of the data root, or gives it one. One that cannot be read is set aside.
  static func of(dataRoot: String, logger: Logger, problems: UnreadableThings) throws -> Identity {
    let path = "\(dataRoot)/identity.json"
    if try FileStatus.of(path) != nil {
      do { return try Identity(jsonText: AtomicFile.read(path, limit: 1 << 16)) } catch {
        let place = "\(path).\(UInt64.random(in: .min ... .max)).unreadable"
        logger.error("set aside", metadata: ["path": "\(place)", "reason": "\(error)"])
        try Directory.moveSynced(path, to: place)
        problems.add("identity.json could not be read and was set aside: \(error)")
      }
    }
    let identity = Identity.new()
    try AtomicFile.write(JSONWriter.bytes(identity), to: path)
    return identity
  }

  private static func new() -> Identity {
    var identity = Identity()
    identity.engine = uuid()
    identity.createdAt = .now()
    for name in [NetworkMode.bridge, .host, .none].map(\.text) {
      identity.networks[name] = ContainerID.random().text
    }
    return identity
  }

  /// RFC 9562, version 4.
  private static func uuid() -> String {
    var digits = Array(ContainerID.random().text.prefix(32))
    digits[12] = "4"
    digits[16] = "8"
    let text = String(digits)
    var (parts, rest) = ([Substring](), text[...])
    for length in [8, 4, 4, 4, 12] {
      parts.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return parts.joined(separator: "-")
  }
}
