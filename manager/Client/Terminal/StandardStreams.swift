internal import LinuxKernel
internal import struct NIOCore.ByteBuffer
internal import class NIOPosix.NIOThreadPool

/// The process's own output: blocking writes, kept off the threads of Swift's tasks.
struct StandardOutput: Sendable {
  static let output = StandardOutput(number: 1)
  static let errors = StandardOutput(number: 2)

  private let number: Int32

  func write(_ bytes: [UInt8]) async throws {
    guard !bytes.isEmpty else { return }
    let number = number
    try await NIOThreadPool.singleton.runIfActive {
      do { try FileDescriptor.standard(number).writeAll(bytes) } catch let error as SyscallError {
        throw ClientError.output("write /dev/\(number == 1 ? "stdout" : "stderr"): \(error.errno)")
      }
    }
  }

  func write(_ text: String) async throws { try await write(Array(text.utf8)) }

  func writeLine(_ text: String) async throws { try await write(text + "\n") }

  var isTerminal: Bool {
    // Nothing that is closed is a terminal.
    (try? FileDescriptor.standard(number).isTerminal) ?? false
  }
}

/// A file, or the process's own input, read in pieces by a thread of its own.
final class InputReader: Sendable {
  private let input: FileDescriptor
  private let wakeUp: FileDescriptor
  private let waker: FileDescriptor
  private let thread = NIOThreadPool(numberOfThreads: 1)

  /// - Throws: `SyscallError` if there are no descriptors left.
  init(_ input: consuming FileDescriptor) throws {
    self.input = input
    var pipe = try Pipe()
    wakeUp = pipe.takeReadEnd()
    waker = pipe.takeWriteEnd()
    thread.start()
  }

  deinit { thread.shutdownGracefully { _ in } }

  static func standardInput() throws -> InputReader { try InputReader(FileDescriptor.standard(0)) }

  /// The next bytes; `nil` at the end of the input.
  /// - Throws: `CancellationError` when the task is cancelled, without having taken anything.
  func next() async throws -> ByteBuffer? {
    try await withTaskCancellationHandler {
      try Task.checkCancellation()
      return try await thread.runIfActive { try self.read() }
    } onCancel: {
      // A full pipe wakes as well as a written one.
      try? waker.writeAll([0])
    }
  }

  private func read() throws -> ByteBuffer? {
    guard try input.waitUntilReadable(or: wakeUp) else { throw CancellationError() }
    var buffer = ByteBuffer()
    let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 64 << 10) { try input.read(into: $0) }
    return count == 0 ? nil : buffer
  }
}
