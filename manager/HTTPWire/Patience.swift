package import NIOCore

/// How long a peer may let us wait before its connection is closed; `nil`: for ever.
package struct Patience: Sendable {
  /// For the first byte of a head, on a new connection or after the last message.
  package var idle: TimeAmount?
  /// From the first byte of a head that does not come in one piece to its last.
  package var head: TimeAmount?
  /// For each ``BodyAllowance/step`` bytes of a body, and for its end.
  package var body: TimeAmount?

  package init(idle: TimeAmount? = nil, head: TimeAmount? = nil, body: TimeAmount? = nil) {
    self.idle = idle
    self.head = head
    self.body = body
  }
}

/// The time that a peer has left for its body. It gets more for every so many bytes: one byte now and then is not enough.
struct BodyAllowance {
  static let step = 16 << 10

  private let time: TimeAmount?
  private var spent = TimeAmount.zero
  private var bytes = 0

  /// - Parameter time: for each ``step``; `nil`: for ever.
  init(time: TimeAmount?) { self.time = time }

  var left: TimeAmount? { time.map { max($0 - spent, .zero) } }

  /// Notes how long was waited and what came.
  mutating func spend(_ waited: TimeAmount, bytes: Int) {
    spent = spent + waited
    self.bytes += bytes
    guard self.bytes >= Self.step else { return }
    self.bytes = 0
    spent = .zero
  }
}
