public import JSON

/// Engine API: one of the answer to `GET /images/search`.
public struct ImageSearchResponseItem: JSONMappable, Equatable, Sendable {
  public var description = ""
  public var isOfficial = false
  public var isAutomated = false
  public var name = ""
  public var starCount: Int64 = 0

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("star_count", &starCount)
    try json.field("is_official", &isOfficial)
    try json.field("name", &name)
    try json.field("is_automated", &isAutomated)
    try json.field("description", &description)
  }
}
