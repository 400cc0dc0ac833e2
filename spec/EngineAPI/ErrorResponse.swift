public import JSON

/// The body of every answer whose status is an error (Engine API `ErrorResponse`).
public struct ErrorResponse: JSONMappable, Equatable, Sendable {
  public var message = ""
  public var unknown = JSONObject()

  public init() {}

  public init(message: String) { self.message = message }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("message", &message)
    json.unknown(&unknown)
  }
}
