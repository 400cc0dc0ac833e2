internal import LinuxKernel
internal import OCIRuntimeSpec

/// How `start` hears what becomes of startContainer hooks (runtime.md §Lifecycle, step 7): by a FIFO whose other end the init
/// holds until it executes its program, or ends with the reason in it. Only for containers with such hooks.
final class StartOutcome {
  private let fifo: FileDescriptor
  var number: Int32 { fifo.number }

  private init(owning fifo: consuming FileDescriptor) { self.fifo = fifo }

  /// The init's end; `nil` if there is nothing to tell.
  static func promise(in folder: ContainerFolder, hooks: Hooks?) throws(RuntimeError) -> StartOutcome? {
    guard let hooks, !hooks.startContainer.isEmpty else { return nil }
    return StartOutcome(owning: try folder.makeFIFO(folder.outcomePath))
  }

  /// The end of `start`. To be opened before the init may go on.
  static func expected(in folder: ContainerFolder, hooks: Hooks?) throws(RuntimeError) -> StartOutcome? {
    guard let hooks, !hooks.startContainer.isEmpty else { return nil }
    return try explaining { () throws(SyscallError) in
      StartOutcome(owning: try FileDescriptor.open(folder.outcomePath, [.readOnly, .nonBlocking]))
    }
  }

  func tell(_ reason: String) {
    // Whoever waits sees the end of the stream at least, and that the container has stopped.
    try? fifo.writeAll(Array(reason.utf8.prefix(4000)))
  }

  /// Waits until the init has executed its program.
  /// - Throws: what the init has told instead.
  func wait() throws(RuntimeError) {
    var text = [UInt8](repeating: 0, count: 4096)
    let count = try explaining("start.fifo") { () throws(SyscallError) in
      _ = try Polling.wait([(fifo.number, .readable)])
      return try fifo.read(into: &text)
    }
    // What fits into a page is written at once, and read so.
    if count > 0 { throw RuntimeError(String(decoding: text[..<count], as: UTF8.self)) }
  }
}
