public import JSON

/// How a process ended: the content of `exit.json`, on disk before anyone is told, unless the disk takes nothing: then
/// the shim tells it from memory, writes it as soon as it can, and does not go before.
public struct ExitRecord: Equatable, Sendable, JSONMappable {
  /// The exit code, or 128 plus the signal's number.
  public var status: Int32 = 0
  /// The signal that ended the process, `nil` if it exited.
  public var signal: Int32?
  /// RFC 3339 in UTC, nine digits of a second: `2024-01-02T03:04:05.123456789Z`.
  public var exitedAt = ""
  /// Whether the kernel killed a process of the container's memory cgroup for lack of memory. Never true of an exec.
  public var outOfMemory = false

  public init() {}

  public init(status: Int32, signal: Int32? = nil, exitedAt: String, outOfMemory: Bool = false) {
    self.status = status
    self.signal = signal
    self.exitedAt = exitedAt
    self.outOfMemory = outOfMemory
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("status", &status)
    try json.optional("signal", &signal)
    try json.required("exitedAt", &exitedAt)
    try json.field("outOfMemory", &outOfMemory)
  }
}
