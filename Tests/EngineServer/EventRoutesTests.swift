import EngineAPI
import Events
import JSON
import Logging
import NIOCore
import Synchronization
import Testing

@testable import EngineServer

struct EventRoutesTests {
  private static let event = Event(
    kind: .container, action: "start", actor: "abc", attributes: ["image": "busybox", "name": "web"],
    time: 1_700_000_000_000_000_001)

  /// A log that never grows.
  private struct FixedStore: EventStore {
    func append(_ events: [Event]) async throws {}
    func end() async throws -> Int64 { 1 }
    func events(after place: Int64?, in times: ClosedRange<Int64>) async throws -> EventPage? {
      guard place ?? 0 < 1, times.contains(event.time) else { return nil }
      return EventPage(events: [event], begin: 0, end: 1)
    }
  }

  private func call(_ target: String) async throws -> (status: UInt, text: String) {
    let log = EventLog(store: FixedStore(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let response = await Router([.events(log)], serverName: "Test/1.0").respond(to: .GET, target, body: RequestBody())
    let text = Mutex("")
    let add: @Sendable (ByteBuffer) -> Void = { bytes in text.withLock { $0 += String(buffer: bytes) } }
    switch response.body {
    case .bytes(let bytes): add(bytes)
    case .stream(let write): try await write(ResponseWriter { add($0) })
    case .empty, .hijack: break
    }
    return (response.status.code, text.withLock { $0 })
  }

  @Test func `an event is a line of JSON as Docker writes it`() async throws {
    #expect(
      try await call("/events?since=1700000000&until=1700000001").text == """
        {"status":"start","id":"abc","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"abc",\
        "Attributes":{"image":"busybox","name":"web"}},"scope":"local","time":1700000000,"timeNano":1700000000000000001}\n
        """)
  }

  @Test(arguments: [
    ("since=1700000000.000000001&until=1700000000.000000001", 1), ("since=1700000000.000000002&until=1700000001", 0),
    ("until=1700000001", 1), ("until=1", 0),
    ("since=0&until=1700000001&filters=%7B%22event%22%3A%5B%22die%22%5D%7D", 0),
    ("since=0&until=1700000001&filters=%7B%22event%22%3A%7B%22start%22%3Atrue%7D%7D", 1),
  ])
  func `times and filters`(query: String, count: Int) async throws {
    #expect(try await call("/events?\(query)").text.split(separator: "\n").count == count)
  }

  @Test(arguments: [
    ("since=2&until=1", "`since` time (2) cannot be after `until` time (1)"), ("since=soon", "since"),
    ("until=1.x", "until"), ("filters=%7B%22colour%22%3A%5B%22red%22%5D%7D", "invalid filter 'colour'"),
  ])
  func `what makes no sense is refused`(query: String, message: String) async throws {
    let answer = try await call("/events?\(query)")
    #expect(answer.status == 400 && answer.text.contains(message))
  }
}
