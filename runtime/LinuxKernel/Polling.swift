internal import CLinux
internal import Glibc

/// Waits for several descriptors at once, `poll(2)`.
package enum Polling {
  package struct Events: OptionSet, Sendable {
    package let rawValue: Int16
    package init(rawValue: Int16) { self.rawValue = rawValue }

    package static let readable = Events(rawValue: Int16(POLLIN))
    package static let writable = Events(rawValue: Int16(POLLOUT))
    /// The other side has gone. Reported whether asked for or not.
    package static let hungUp = Events(rawValue: Int16(POLLHUP))
    package static let failed = Events(rawValue: Int16(POLLERR))
  }

  /// - Parameters:
  ///   - requests: descriptors, -1 for none, with what is waited for.
  ///   - milliseconds: how long; -1 for ever.
  /// - Returns: what has happened to each.
  package static func wait(
    _ requests: [(number: Int32, events: Events)], milliseconds: Int32 = -1
  ) throws(SyscallError) -> [Events] {
    var entries = requests.map { pollfd(fd: $0.number, events: $0.events.rawValue, revents: 0) }
    try check("poll") { poll(&entries, nfds_t(entries.count), milliseconds) }
    return entries.map { Events(rawValue: $0.revents) }
  }
}
