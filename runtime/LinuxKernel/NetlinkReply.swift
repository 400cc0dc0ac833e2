/// Collects the messages that answer one question, up to the one that ends them.
package struct NetlinkReply: Sendable {
  private enum Kind {
    static let noop: UInt16 = 1
    static let error: UInt16 = 2
    static let done: UInt16 = 3
    static let overrun: UInt16 = 4
  }

  private let sequence: UInt32
  package private(set) var messages: [NetlinkMessage] = []
  package private(set) var isComplete = false

  package init(sequence: UInt32) { self.sequence = sequence }

  /// - Throws: ``NetlinkError/refused(operation:errno:message:)`` if that is the answer.
  package mutating func add(_ batch: [NetlinkMessage], _ operation: () -> String) throws(NetlinkError) {
    for message in batch {
      // Left over from an earlier question that was given up.
      if message.sequence != sequence || message.type == Kind.noop { continue }
      guard !isComplete else { throw .malformed("a message after the end of the answer") }
      switch message.type {
      case Kind.error, Kind.done: try finish(message, operation)
      case Kind.overrun: throw .malformed("the kernel lost data")
      default: messages.append(message)
      }
    }
  }

  private mutating func finish(_ message: NetlinkMessage, _ operation: () -> String) throws(NetlinkError) {
    guard let code: Int32 = message.payload.integer(at: 0) else {
      throw .malformed("an acknowledgement without a code")
    }
    guard code <= 0, code > -4096 else { throw .malformed("an acknowledgement with the code \(code)") }
    isComplete = true
    if code != 0 {
      throw .refused(operation: operation(), errno: .init(rawValue: -code), message: Self.text(of: message))
    }
  }

  /// NLMSGERR_ATTR_MSG, after the code and, in an error, the header (or all) of the request.
  private static func text(of message: NetlinkMessage) -> String? {
    let hasAttributes = message.flags & 0x200 != 0
    guard hasAttributes else { return nil }
    var start = 4
    if message.type == Kind.error {
      let isCapped = message.flags & 0x100 != 0
      guard let length: UInt32 = message.payload.integer(at: 4), length < 1 << 20 else { return nil }
      start += isCapped ? NetlinkMessage.headerSize : (Int(length) + 3) & ~3
    }
    guard start <= message.payload.count else { return nil }
    // A refusal stays a refusal when its explanation cannot be read.
    let attributes = try? NetlinkAttributes(message.payload.dropFirst(start))
    return attributes?.string(1)
  }
}
