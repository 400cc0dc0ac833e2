public import JSON

/// A line of the stream that load, pull and push answer with (Engine API `CreateImageInfo`).
public struct ProgressMessage: JSONMappable, Equatable, Sendable {
  public var stream = ""
  public var status = ""
  public var progressDetail: ProgressDetail?
  public var progress = ""
  public var id = ""
  public var errorDetail: ErrorDetail?
  public var error = ""
  public var auxiliary: JSONValue?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("stream", &stream)
    try json.nonEmpty("status", &status)
    try json.optional("progressDetail", &progressDetail)
    try json.nonEmpty("progress", &progress)
    try json.nonEmpty("id", &id)
    try json.optional("errorDetail", &errorDetail)
    try json.nonEmpty("error", &error)
    try json.optional("aux", &auxiliary)
    json.unknown(&unknown)
  }
}

/// Engine API `ProgressDetail`. Bytes.
public struct ProgressDetail: JSONMappable, Equatable, Sendable {
  public var current: Int64?
  public var total: Int64?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("current", &current)
    try json.optional("total", &total)
    json.unknown(&unknown)
  }
}

/// Engine API `ErrorDetail`.
public struct ErrorDetail: JSONMappable, Equatable, Sendable {
  public var code: Int?
  public var message = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("code", &code)
    try json.nonEmpty("message", &message)
    json.unknown(&unknown)
  }
}
