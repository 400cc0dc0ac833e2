internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import LinuxKernel
internal import NIOHTTP1

struct CopyCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "cp", abstract: "Copy files/folders between a container and the local filesystem",
    discussion: "One of the two is CONTAINER:PATH, the other a local path, or - for a tar archive on STDIN or STDOUT.",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Archive mode (copy all uid/gid information)")
  var archive = false
  @Flag(name: [.customShort("L"), .long], help: "Always follow symbol link in SRC_PATH")
  var followLink = false
  @Flag(name: [.short, .long], help: "Suppress progress output during copy")
  var quiet = false
  @Argument var source: String
  @Argument var destination: String

  func execute(_ engine: EngineClient) async throws {
    switch (CopyPlace(source), CopyPlace(destination)) {
    case (.container(let name, let path), .local(let target)):
      let copy = CopyFromContainer(engine: engine, container: name, source: path, followsLink: followLink)
      try await report(try await copy.run(to: target), to: target)
    case (.local(let path), .container(let name, let target)):
      var copy = CopyToContainer(engine: engine, container: name, destination: target)
      (copy.followsLink, copy.belongsToUser) = (followLink, archive)
      try await report(try await copy.run(from: path), to: "\(name):\(target)")
    case (.container, .container): throw ClientError.failed("copying between containers is not supported")
    case (.local, .local): throw ClientError.failed("must specify at least one container source")
    }
  }

  private func report(_ size: Int64, to target: String) async throws {
    guard !quiet, target != "-", StandardOutput.errors.isTerminal else { return }
    try await StandardOutput.errors.writeLine("Successfully copied \(HumanSize.decimal(size)) to \(target)")
  }
}

/// One side of a copy.
enum CopyPlace: Equatable {
  case container(String, path: String)
  case local(String)

  /// A colon makes it a container's, unless the text before it is a path.
  init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count < 2 || text.hasPrefix("/") || text.hasPrefix(".") || parts[0].isEmpty {
      self = .local(text)
    } else {
      self = .container(parts[0], path: parts[1])
    }
  }
}

extension EngineClient {
  /// What there is at a path in a container; `nil` if there is nothing.
  func pathStat(_ container: String, _ path: String) async throws -> ContainerPathStat? {
    let target = ("/containers/\(container)/archive" as RequestTarget).with("path", path)
    let answer: Answer
    do { answer = try await send(.HEAD, target) } catch let error as ClientError where error.isNotFound { return nil }
    defer { answer.close() }
    return try answer.pathStat()
  }
}

extension Answer {
  func pathStat() throws -> ContainerPathStat {
    guard let text = head.headers.first(name: "X-Docker-Container-Path-Stat"), let bytes = Base64.decode(text) else {
      throw ClientError.unexpectedAnswer("it does not say what there is at the path")
    }
    return try ContainerPathStat(jsonText: bytes)
  }
}

extension ContainerPathStat {
  var isDirectory: Bool { mode & Self.directory != 0 }
  var isSymbolicLink: Bool { mode & Self.symbolicLink != 0 }
}
