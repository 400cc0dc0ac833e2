internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import LinuxKernel
internal import NIOHTTP1
internal import class NIOPosix.NIOThreadPool

struct DiffCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Inspect changes to files or directories on a container's filesystem",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    let changes = try await engine.decode(JSONValue.self, .GET, "/containers/\(container)/changes")
    for change in changes == .null ? [] : try [FilesystemChange](json: changes) {
      let kinds = ["C", "A", "D"]
      guard kinds.indices.contains(change.kind) else {
        throw ClientError.unexpectedAnswer("a change is of the kind \(change.kind)")
      }
      try await StandardOutput.output.writeLine("\(kinds[change.kind]) \(change.path)")
    }
  }
}

struct ExportCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export a container's filesystem as a tar archive", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Write to a file, instead of STDOUT")
  var output: String?
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    guard output != nil || !StandardOutput.output.isTerminal else {
      throw ClientError.failed("cowardly refusing to save to a terminal. Use the -o flag or redirect")
    }
    let answer = try await engine.send(.GET, "/containers/\(container)/export")
    defer { answer.close() }
    guard let output else {
      while let piece = try await answer.next() {
        try await StandardOutput.output.write(Array(piece.readableBytesView))
      }
      return
    }
    let file = try OutputFile(output)
    while let piece = try await answer.next() { try await file.write(Array(piece.readableBytesView)) }
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
