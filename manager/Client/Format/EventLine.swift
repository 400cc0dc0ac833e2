internal import EngineAPI
internal import JSON

/// A line of `proa events`.
enum EventLine {
  static func describe(_ event: EventMessage) -> String {
    let line = "\(GoTime.fixed(nanoseconds: event.timeNano)) \(event.type) \(event.action) \(event.actor.id)"
    let attributes = event.actor.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return attributes.isEmpty ? line : line + " (\(attributes.joined(separator: ", ")))"
  }

  /// For templates, named as in Docker's source.
  static func context(_ event: EventMessage) -> TemplateContext {
    let attributes = event.actor.attributes.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
    let actor = JSONObject([("ID", .string(event.actor.id)), ("Attributes", .object(JSONObject(attributes)))])
    let object = JSONObject([
      ("Status", .string(event.status)), ("ID", .string(event.id)), ("From", .string(event.from)),
      ("Type", .string(event.type)), ("Action", .string(event.action)), ("Actor", .object(actor)),
      ("Scope", .string(event.scope)), ("Time", .number(JSONNumber(event.time))),
      ("TimeNano", .number(JSONNumber(event.timeNano))),
    ])
    var context = TemplateContext(.object(object))
    context.typeName = "*events.Message"
    return context
  }
}
