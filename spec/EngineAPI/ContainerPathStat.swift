public import JSON

/// What there is at a path in a container: the header `X-Docker-Container-Path-Stat`, in base64.
public struct ContainerPathStat: JSONMappable, Equatable, Sendable {
  public var name = ""
  /// Bytes.
  public var size: Int64 = 0
  /// As Go writes a file's mode: permissions, and what kind of file it is.
  public var mode: UInt32 = 0
  /// RFC 3339.
  public var modified = ""
  /// Where a symbolic link leads in the end.
  public var linkTarget = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  /// Go's bits.
  public static let directory: UInt32 = 1 << 31
  public static let symbolicLink: UInt32 = 1 << 27
  public static let device: UInt32 = 1 << 26
  public static let fifo: UInt32 = 1 << 25
  public static let socket: UInt32 = 1 << 24
  public static let setUserID: UInt32 = 1 << 23
  public static let setGroupID: UInt32 = 1 << 22
  public static let characterDevice: UInt32 = 1 << 21
  public static let sticky: UInt32 = 1 << 20

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("name", &name)
    try json.field("size", &size)
    try json.field("mode", &mode)
    try json.field("mtime", &modified)
    try json.field("linkTarget", &linkTarget)
    json.unknown(&unknown)
  }
}

/// One of the answers to `GET /containers/{id}/changes`.
public struct FilesystemChange: JSONMappable, Equatable, Sendable {
  public var path = ""
  /// 0: modified, 1: added, 2: deleted.
  public var kind = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Path", &path)
    try json.field("Kind", &kind)
    json.unknown(&unknown)
  }
}
