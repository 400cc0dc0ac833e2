internal import EngineAPI
package import Events
internal import JSON
internal import NIOCore
internal import ServiceLifecycle

extension Route {
  /// `GET /events`.
  package static func events(_ log: EventLog) -> Route {
    Route(.GET, "/events") { request in
      let filters = try request.query.filters()
      try filters.check(known: EventFilter.names)
      // From here on nothing is missed: the client may do something when it sees the head.
      let subscription = try await log.subscribe(
        try EventQuery.range(request.query), filter: EventFilter(filters.all))
      return .stream(contentType: "application/json") { writer in
        try await cancelWhenGracefulShutdown {
          try await subscription.run { try await writer.write(EventTranslation.lines($0)) }
        }
      }
    }
  }
}

/// The parameters of an events request.
enum EventQuery {
  static func range(_ query: Query) throws(APIError) -> EventRange {
    let range = EventRange(
      since: try query.timestamp("since")?.nanoseconds, until: try query.timestamp("until")?.nanoseconds)
    if let since = range.since, let until = range.until, until < since {
      throw .invalidParameter(
        "`since` time (\(query["since"] ?? "")) cannot be after `until` time (\(query["until"] ?? ""))")
    }
    return range
  }
}

enum EventTranslation {
  /// A line each.
  static func lines(_ events: [Event]) -> ByteBuffer {
    var buffer = ByteBuffer()
    for event in events {
      buffer.writeBytes(JSONWriter.bytes(message(event)))
      buffer.writeInteger(UInt8(ascii: "\n"))
    }
    return buffer
  }

  static func message(_ event: Event) -> EventMessage {
    var message = EventMessage()
    if event.kind == .container || event.kind == .image {
      message.status = event.action
      message.id = event.actor
      message.from = event.kind == .container ? event.attributes["image"] ?? "" : ""
    }
    message.type = event.kind.rawValue
    message.action = event.action
    message.actor.id = event.actor
    message.actor.attributes = event.attributes
    message.time = event.time / 1_000_000_000
    message.timeNano = event.time
    return message
  }
}
