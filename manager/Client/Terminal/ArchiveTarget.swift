internal import LinuxKernel
internal import class NIOPosix.NIOThreadPool

/// Where an archive goes: a file, or standard output if that is no terminal.
struct ArchiveTarget {
  /// `nil`: standard output.
  private let path: String?

  init(_ path: String?) throws(ClientError) {
    guard path != nil || !StandardOutput.output.isTerminal else {
      throw .failed("cowardly refusing to save to a terminal. Use the -o flag or redirect")
    }
    self.path = path
  }

  /// Writes everything that the daemon sends.
  func receive(_ answer: Answer) async throws {
    defer { answer.close() }
    let file = try path.map { try OutputFile($0) }
    while let piece = try await answer.next() {
      let bytes = Array(piece.readableBytesView)
      if let file { try await file.write(bytes) } else { try await StandardOutput.output.write(bytes) }
    }
  }
}

/// A file that is written anew, in order.
private final class OutputFile: Sendable {
  private let descriptor: FileDescriptor

  init(_ path: String) throws {
    do { descriptor = try FileDescriptor.open(path, [.writeOnly, .create, .truncate], mode: 0o600) } catch {
      throw ClientError.failed("\(error)")
    }
  }

  func write(_ bytes: [UInt8]) async throws {
    try await NIOThreadPool.singleton.runIfActive { try self.descriptor.writeAll(bytes) }
  }
}
