public import JSON

/// Something that happened, as Docker tells of it.
public struct Event: Equatable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case container, image, network, volume, daemon, plugin, builder
  }

  public var kind: Kind
  /// `create`, `start`, `exec_create: sh -c true`, …
  public var action: String
  /// The identifier of what it happened to; empty if it is no one thing's.
  public var actor: String
  /// The names are Docker's, and the labels of what it happened to.
  public var attributes: [String: String]
  /// Nanoseconds since 1970. The log gives no two events the same, and none an earlier one than the event before.
  public var time: Int64

  public init(kind: Kind, action: String, actor: String, attributes: [String: String], time: Int64) {
    self.kind = kind
    self.action = action
    self.actor = actor
    self.attributes = attributes
    self.time = time
  }
}

extension Event {
  /// Everything but the time, which the log keeps beside it, as JSON text.
  public var record: String { JSONWriter.string(Record(self)) }

  /// - Throws: `JSONError` if `record` is not what ``record`` wrote.
  public init(record: String, time: Int64) throws(JSONError) {
    let record = try Record(json: JSONReader.read(record))
    self.init(
      kind: record.kind, action: record.action, actor: record.actor, attributes: record.attributes, time: time)
  }
}

extension Event.Kind: JSONConvertible {}

private struct Record: JSONMappable {
  var kind = Event.Kind.container
  var action = ""
  var actor = ""
  var attributes: [String: String] = [:]

  init() {}

  init(_ event: Event) {
    kind = event.kind
    action = event.action
    actor = event.actor
    attributes = event.attributes
  }

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("kind", &kind)
    try json.required("action", &action)
    try json.field("actor", &actor)
    try json.nonEmpty("attributes", &attributes)
  }
}
