internal import JSON
internal import LinuxKernel

/// The part of the runtime's log file that one command writes.
struct RuntimeLog {
  private let path: String
  private let start: Int64

  /// A log longer than this starts anew.
  private static let limit: Int64 = 1 << 20

  init(_ path: String) throws(SyscallError) {
    self.path = path
    let file = try FileDescriptor.open(path, [.writeOnly, .create, .append, .noFollow])
    let size = try file.status().size
    if size > RuntimeLog.limit { try file.truncate(to: 0) }
    start = size > RuntimeLog.limit ? 0 : size
  }

  /// The message of the last error, `nil` if there is none.
  func lastError() -> String? {
    do throws(SyscallError) {
      let bytes = try AtomicFile.read(path, limit: Int(RuntimeLog.limit) * 4).dropFirst(Int(start))
      return RuntimeLog.lastError(in: bytes)
    } catch { return "the runtime failed, and its log cannot be read: \(error)" }
  }

  /// Lines that are no JSON are skipped: a runtime may have been killed in the middle of one.
  static func lastError(in bytes: ArraySlice<UInt8>) -> String? {
    for line in bytes.split(separator: 0x0A).reversed() {
      guard let entry = try? JSONReader.read(Array(line)) else { continue }
      guard let level = entry["level"]?.string, ["error", "fatal", "panic"].contains(level) else { continue }
      if let message = entry["msg"]?.string { return message }
    }
    return nil
  }
}
