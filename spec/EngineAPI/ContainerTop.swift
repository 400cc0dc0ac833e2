public import JSON

/// The answer to `GET /containers/{id}/top`.
public struct ContainerTopResponse: JSONMappable, Equatable, Sendable {
  public var titles: [String] = []
  /// A row per process.
  public var processes: [[String]] = []
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Titles", &titles)
    try json.field("Processes", &processes)
    json.unknown(&unknown)
  }
}
