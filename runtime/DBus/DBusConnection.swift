internal import Glibc
public import LinuxKernel

/// A conversation with one peer over a unix socket: a bus, or a service directly. Calls wait for their answers.
public struct DBusConnection: ~Copyable {
  private let socket: FileDescriptor
  private let deadline: Deadline
  private var received: [UInt8] = []
  private var lastSerial = UInt32(0)
  private let isKept: (DBusMessage) -> Bool
  /// Signals that came while an answer was waited for.
  private var signals: [DBusMessage] = []

  /// - Parameters:
  ///   - path: of the socket.
  ///   - milliseconds: for everything together.
  ///   - keeping: which signals are wanted; the others are dropped.
  public static func open(
    _ path: String, withinMilliseconds milliseconds: Int64 = 30_000,
    keeping isKept: @escaping (DBusMessage) -> Bool = { _ in false }
  ) throws(DBusError) -> DBusConnection {
    var connection = DBusConnection(
      owning: try socket(path), until: Deadline(afterMilliseconds: milliseconds), keeping: isKept)
    try connection.authenticate()
    return connection
  }

  private init(
    owning socket: consuming FileDescriptor, until deadline: Deadline, keeping isKept: @escaping (DBusMessage) -> Bool
  ) {
    self.socket = socket
    self.deadline = deadline
    self.isKept = isKept
  }

  private static func socket(_ path: String) throws(DBusError) -> FileDescriptor {
    do throws(SyscallError) { return try UnixSocket.connect(to: path) } catch { throw .kernel(error) }
  }

  /// Who listens at the other end.
  public func peer() throws(SyscallError) -> UnixSocket.Credentials { try socket.peerCredentials() }

  /// Asks, and waits for the answer.
  /// - Parameter destination: the service's name, on a bus.
  /// - Throws: ``DBusError/refused(name:message:)`` if the answer is an error.
  public mutating func call(
    _ member: String, of interface: String, at path: String, on destination: String?, _ values: [DBusValue]
  ) throws(DBusError) -> [DBusValue] {
    lastSerial += 1
    var call = DBusMessage(.call, serial: lastSerial)
    (call.path, call.interface, call.member, call.destination) = (path, interface, member, destination)
    try send(call.bytes(values))
    while true {
      let message = try receive(member)
      switch message.kind {
      case .reply where message.replySerial == lastSerial: return try message.values()
      case .error where message.replySerial == lastSerial:
        throw .refused(name: message.errorName ?? "", message: try message.values().first?.text ?? "")
      case .signal where isKept(message): signals.append(message)
      default: continue
      }
    }
  }

  /// The next of the wanted signals.
  public mutating func nextSignal() throws(DBusError) -> DBusMessage {
    if !signals.isEmpty { return signals.removeFirst() }
    while true {
      let message = try receive("a signal")
      if message.kind == .signal, isKept(message) { return message }
    }
  }

  /// As systemd's own clients do: the kernel tells the other side who this is (D-Bus specification §EXTERNAL).
  private mutating func authenticate() throws(DBusError) {
    try send(Array("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n".utf8))
    for expected in ["DATA", "OK "] {
      let line = try receiveLine()
      guard line.hasPrefix(expected) else {
        throw .refused(name: "org.freedesktop.DBus.Error.AuthFailed", message: "D-Bus: not let in: \(line)")
      }
    }
  }

  private mutating func receiveLine() throws(DBusError) -> String {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return String(decoding: received[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
      }
      guard received.count < 4096 else { throw .malformed("no line in 4096 bytes") }
      try receiveMore("the authentication")
    }
  }

  private mutating func receive(_ what: String) throws(DBusError) -> DBusMessage {
    while true {
      if received.count >= DBusMessage.prefixSize {
        let size = try DBusMessage.size(beginning: received[...])
        if received.count >= size {
          defer { received.removeFirst(size) }
          return try DBusMessage(Array(received[..<size]))
        }
      }
      try receiveMore(what)
    }
  }

  private mutating func receiveMore(_ what: String) throws(DBusError) {
    do throws(SyscallError) {
      let events = try Polling.wait([(socket.number, .readable)], milliseconds: Int32(clamping: deadline.remaining))
      if events[0].isEmpty { throw SyscallError("poll", errno: .init(rawValue: ETIMEDOUT)) }
      let (number, start) = (socket.number, received.count)
      received.append(contentsOf: repeatElement(0, count: 8192))
      let count = try check("recv", "D-Bus") {
        received.withUnsafeMutableBytes { recv(number, $0.baseAddress! + start, 8192, 0) }
      }
      received.removeLast(8192 - count)
      if count == 0 { throw SyscallError("recv", "D-Bus", errno: .connectionReset) }
    } catch {
      throw error.errno.rawValue == ETIMEDOUT ? .timedOut(what) : .kernel(error)
    }
  }

  private func send(_ bytes: [UInt8]) throws(DBusError) {
    var sent = 0
    do throws(SyscallError) {
      while sent < bytes.count {
        let number = socket.number
        sent += try check("send", "D-Bus") {
          bytes.withUnsafeBytes { Glibc.send(number, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
        }
      }
    } catch { throw .kernel(error) }
  }
}
