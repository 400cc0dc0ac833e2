internal import CLinux
internal import Glibc

/// An epoll instance: waits for many descriptors at once.
public struct Epoll: ~Copyable {
  /// What to wait for, or what has happened.
  public struct Events: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let readable = Events(rawValue: 0x001)
    public static let writable = Events(rawValue: 0x004)
    /// Reported whether or not it was asked for.
    public static let error = Events(rawValue: 0x008)
    /// Both directions are closed. Reported whether or not it was asked for.
    public static let hangUp = Events(rawValue: 0x010)
    /// The peer will send no more.
    public static let readHangUp = Events(rawValue: 0x2000)
    /// Report changes instead of states.
    public static let edgeTriggered = Events(rawValue: 1 << 31)
  }

  public struct Event: Sendable {
    /// What the descriptor was added under.
    public var token: UInt64
    public var events: Events
  }

  private let descriptor: FileDescriptor

  public init() throws(SyscallError) {
    descriptor = FileDescriptor(owning: try check("epoll_create1") { proa_epoll_create() })
  }

  public func add(
    _ descriptor: borrowing FileDescriptor, _ events: Events, token: UInt64
  ) throws(SyscallError) {
    try control(EPOLL_CTL_ADD, descriptor.number, events, token)
  }

  public func modify(
    _ descriptor: borrowing FileDescriptor, _ events: Events, token: UInt64
  ) throws(SyscallError) {
    try control(EPOLL_CTL_MOD, descriptor.number, events, token)
  }

  /// Must come before the descriptor is closed if others hold the same open file.
  public func remove(_ descriptor: borrowing FileDescriptor) throws(SyscallError) {
    try control(EPOLL_CTL_DEL, descriptor.number, [], 0)
  }

  private func control(_ operation: Int32, _ number: Int32, _ events: Events, _ token: UInt64) throws(SyscallError) {
    try check("epoll_ctl") { proa_epoll_control(descriptor.number, operation, number, events.rawValue, token) }
  }

  /// Waits until something happens or the time is over, and calls `body` for each event, at most 32 at a time.
  /// - Parameter milliseconds: `nil` waits forever.
  public func wait(milliseconds: Int32?, _ body: (Event) -> Void) throws(SyscallError) {
    let happened = try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 32) { tokens throws(SyscallError) in
      try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 32) { events throws(SyscallError) in
        let count = try check("epoll_wait") {
          proa_epoll_wait(descriptor.number, tokens.baseAddress, events.baseAddress, 32, milliseconds ?? -1)
        }
        return (0..<Int(count)).map { Event(token: tokens[$0], events: Events(rawValue: events[$0])) }
      }
    }
    for event in happened { body(event) }
  }
}
